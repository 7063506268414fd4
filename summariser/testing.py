"""Test helpers: a model with prepared answers, and recordings of a real model.

A FakeModel can be used wherever a model is accepted, in threads and in an event loop::

    from summariser import summarise
    from summariser.testing import FakeModel

    ANSWER = {
        "parties": [], "commitments": [], "reactions": [], "risks": [],
        "headline": "Arlen signs", "overview": "Arlen signed.",
    }

    def test_my_report():
        model = FakeModel(ANSWER)
        assert summarise("Arlen signed.", model=model).headline == "Arlen signs"
        assert "Arlen signed." in model.requests[0]["messages"][-1]["content"]

A cassette records the answers of a real model once, and replays them later without a key or a network::

    from summariser.testing import cassette

    def test_my_report_for_real():
        with cassette("tests/cassettes/report", "auto", model="openai/gpt-5-mini") as model:
            assert summarise(REPORT, model=model).parties
"""

import json
import threading
from collections import deque
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from summariser import events
from summariser.batch.api import require_one_of
from summariser.concurrency import resolved
from summariser.errors import ConfigurationError
from summariser.evals.recordings import Cassette, Mode
from summariser.models import Connection, Model, Wire, completion_of, default_model, model_over, open_model
from summariser.settings import Settings, given_or_loaded

if TYPE_CHECKING:
    from summariser.models.exchange import Completion

__all__ = ["FakeModel", "cassette", "completion"]

CassetteMode = Literal["replay", "record", "auto"]
_MODES: dict[CassetteMode, Mode] = {"replay": "replay", "record": "refresh", "auto": "record"}


class FakeModel(Model):
    """A Model that returns prepared answers in order and records its requests.

    Several threads or tasks may use it. If no answer is left, it raises ConfigurationError. Its claims are verified
    only if `verify` is True, so that it needs one answer less.

    Args:
        answers: Each is an object to send as JSON, the text of an answer, an exception to raise, or a completion.
            Alternatively one function that takes a request and returns such an answer.
        name: The name of the model.
        fields: Any other fields of a Model.

    Attributes:
        requests: The requests so far, as a server would receive them.
    """

    def __init__(self, *answers: object, name: str = "openai/fake", **fields: Any) -> None:
        super().__init__(**{"name": name, "transport": self._answer, "retry_seconds": 0.0, "verified": False, **fields})
        self.requests: list[Wire] = []
        self._respond = answers[0] if len(answers) == 1 and callable(answers[0]) else None
        self._answers, self._count = deque(answers), len(answers)
        self._lock = threading.Lock()

    def _answer(self, wire: Wire, listener: events.Listener) -> "Completion":
        with self._lock:
            self.requests.append(wire)
            if self._respond is None and not self._answers:
                raise ConfigurationError(
                    f"The FakeModel has {self._count} answers and was asked {len(self.requests)} times; "
                    "give it an answer for each request."
                )
            answer = None if self._respond is not None else self._answers.popleft()
        if self._respond is not None:
            answer = self._respond(wire)
        if isinstance(answer, BaseException):
            raise answer
        return cast("Completion", answer) if hasattr(answer, "choices") else completion(answer)


def completion(
    content: object,
    *,
    finish_reason: str = "stop",
    input_tokens: int = 100,
    cached_tokens: int = 0,
    output_tokens: int = 20,
) -> "Completion":
    """Return an answer as a provider would send it.

    Args:
        content: The text of the answer; any other object is sent as JSON.
        finish_reason: The reason why the model stopped: "stop", "length" (output limit) or "content_filter".
        input_tokens: The number of input tokens.
        cached_tokens: The number of input tokens from the provider's cache.
        output_tokens: The number of output tokens.
    """
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    message = {"role": "assistant", "content": text}
    usage = {
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
        "prompt_tokens_details": {"cached_tokens": cached_tokens},
    }
    choice = {"index": 0, "finish_reason": finish_reason, "message": message}
    return completion_of({"object": "chat.completion", "model": "fake", "choices": [choice], "usage": usage})


def cassette(
    path: Path | str,
    mode: CassetteMode = "replay",
    *,
    model: str | Model | None = None,
    settings: Settings | None = None,
) -> Model:
    """Return a Model that records the answers of another model and replays them; close it, or use it in a `with`.

    Each request is stored with its answer in a readable JSON file. A request that differs in any part is a different
    request. The files contain no API keys, headers or addresses.

    Args:
        path: The folder of the recordings.
        mode: "replay" sends no requests, "record" sends every request, and "auto" sends requests that are not recorded.
        model: The model to record: the name of any model, or a Model. It is opened for its first request.
        settings: The settings of the model.

    Raises:
        ConfigurationError: An argument is invalid.
        RecordingsError: In the mode "replay", a request is not recorded; raised by the request. The message shows the
            difference from the recorded requests.
    """
    require_one_of("mode", mode, get_args(CassetteMode))
    settings = given_or_loaded(settings)
    name = model.name if isinstance(model, Model) else model or default_model(settings)
    recorder = Cassette(
        Path(path), _MODES[mode], cure='record it with cassette(..., "auto")', name=f"The cassette {path}"
    )

    def connect(in_event_loop: bool) -> Connection:
        opened: list[Model] = []

        async def live(wire: Wire, listener: events.Listener) -> "Completion":
            if not opened:
                opened.append(_opened(name, model, settings, in_event_loop=in_event_loop))
            return await resolved(opened[0].transport(wire, listener))

        def close() -> Awaitable[None] | None:
            return opened.pop().close() if opened else None

        return Connection(recorder.transport(name, 0, lambda: live), close)

    transport, close = connect(False)
    base = model if isinstance(model, Model) else model_over(name, settings, transport)
    return base.changed(transport=transport, close=close, connect=lambda: connect(True))


def _opened(name: str, model: str | Model | None, settings: Settings, *, in_event_loop: bool) -> Model:
    if isinstance(model, Model):
        return model.in_event_loop() if in_event_loop else model.changed(close=lambda: None)
    return open_model(name, settings, in_event_loop=in_event_loop)
