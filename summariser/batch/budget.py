"""What a batch may spend, and what it has spent."""

import threading
from dataclasses import dataclass, field

from summariser.errors import ConfigurationError
from summariser.models import Usage, cost


@dataclass
class Budget:
    """Limits in US dollars and in tokens read and written; None is no limit. Safe in threads.

    Nothing is begun once a limit is reached, so that it is exceeded by what was under way at most. `share` is how much
    of the published price is paid.
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
                f"The price of {self.model} is not known, so no limit in US dollars can be kept to; limit max_tokens."
            )

    def add(self, usage: Usage) -> None:
        """Count in what a document cost, whether it succeeded or not."""
        with self._lock:
            self.usage.add(usage)

    def taken(self) -> Usage:
        """Return what was spent since this was last asked."""
        with self._lock:
            usage, self.usage = self.usage, Usage()
            return usage

    @property
    def tokens(self) -> int:
        """Tokens read and written so far."""
        return self.usage.input_tokens + self.usage.output_tokens

    @property
    def cost(self) -> float | None:
        """US dollars so far; None where the model's price is not known."""
        usage = self.usage
        return self._cost_of(usage)

    def _cost_of(self, usage: Usage) -> float | None:
        return cost(self.model, usage.input_tokens, usage.cached_tokens, usage.output_tokens, share=self.share)

    def has_room_for(self, more: Usage) -> bool:
        """Return True if so much more can be spent without exceeding a limit."""
        total = Usage()
        with self._lock:
            total.add(self.usage)
        total.add(more)
        if self.max_tokens is not None and total.input_tokens + total.output_tokens > self.max_tokens:
            return False
        return self.max_cost is None or (self._cost_of(total) or 0.0) <= self.max_cost

    @property
    def reached(self) -> bool:
        """Whether a limit is reached."""
        with self._lock:
            if self.max_tokens is not None and self.tokens >= self.max_tokens:
                return True
            return self.max_cost is not None and (self.cost or 0.0) >= self.max_cost
