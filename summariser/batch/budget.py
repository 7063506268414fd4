"""The limits on the cost and tokens of a batch, and its usage so far."""

import threading
from dataclasses import dataclass, field

from summariser.errors import ConfigurationError
from summariser.models import Usage, cost


@dataclass
class Budget:
    """Limits on cost and tokens, and the usage so far. Several threads may use it.

    No document is started once a limit is reached. Documents already in progress are finished and may exceed the limit.

    Attributes:
        model: The name of the model, which decides the price.
        max_cost: The limit in US dollars; None for no limit.
        max_tokens: The limit in tokens, input plus output; None for no limit.
        share: The share of the published price that is paid.
        usage: The usage so far.

    Raises:
        ConfigurationError: A limit in US dollars is given, but the price of the model is unknown.
    """

    model: str
    max_cost: float | None = None
    max_tokens: int | None = None
    share: float = 1.0
    usage: Usage = field(default_factory=Usage)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        if self.max_cost is not None and cost(self.model, 1, 0, 1) is None:
            raise ConfigurationError(
                f"The price of {self.model} is unknown, so no limit in US dollars is possible; set max_tokens instead."
            )

    def add(self, usage: Usage) -> None:
        """Add usage, also of documents that failed."""
        with self._lock:
            self.usage.add(usage)

    def take_usage(self) -> Usage:
        """Return the usage since the last call, and reset it."""
        with self._lock:
            usage, self.usage = self.usage, Usage()
            return usage

    @property
    def tokens(self) -> int:
        """The number of tokens so far, input plus output."""
        return self.usage.input_tokens + self.usage.output_tokens

    @property
    def cost(self) -> float | None:
        """The cost so far in US dollars; None if the price of the model is unknown."""
        usage = self.usage
        return self._cost_of(usage)

    def _cost_of(self, usage: Usage) -> float | None:
        return cost(self.model, usage.input_tokens, usage.cached_tokens, usage.output_tokens, share=self.share)

    def has_room_for(self, more: Usage) -> bool:
        """Return True if this additional usage exceeds no limit."""
        total = Usage()
        with self._lock:
            total.add(self.usage)
        total.add(more)
        if self.max_tokens is not None and total.input_tokens + total.output_tokens > self.max_tokens:
            return False
        return self.max_cost is None or (self._cost_of(total) or 0.0) <= self.max_cost

    @property
    def reached(self) -> bool:
        """True if a limit is reached."""
        with self._lock:
            if self.max_tokens is not None and self.tokens >= self.max_tokens:
                return True
            return self.max_cost is not None and (self.cost or 0.0) >= self.max_cost
