"""What the embedded model said about the seed, recorded once and replayed: `python -m tests.recorded` records anew."""

import hashlib
import json
from pathlib import Path

from openai.types.chat import ChatCompletion

from summariser import events
from summariser.models.door import Model, Transport, Wire

FILE = Path(__file__).parent / "data" / "seed-answers.json"
SEED = Path(__file__).parent.parent / "seeds" / "000_06c514ae3e38ddac.txt"


def key(wire: Wire) -> str:
    """The hash of a request as it goes over the wire: whatever is asked differently is another request."""
    return hashlib.sha256(json.dumps(wire, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def replaying() -> Model:
    """A Model that says what the embedded one said; a request that was not recorded fails the test."""
    recorded = {entry["request"]: entry["answer"] for entry in json.loads(FILE.read_text("utf-8"))}

    def transport(wire: Wire, listener: events.Listener) -> ChatCompletion:
        assert key(wire) in recorded, "the requests about the seed have changed; run 'make record'"
        return ChatCompletion.model_validate(recorded[key(wire)])

    return Model(name="local/qwen2.5-coder-1.5b", transport=transport, sampling={"temperature": 0.0})


def recording(transport: Transport, entries: list[dict[str, object]]) -> Transport:
    """The transport, with every request's hash and its answer noted in `entries`."""

    def recorded(wire: Wire, listener: events.Listener) -> ChatCompletion:
        answer = transport(wire, listener)
        kept = answer.model_dump(mode="json", exclude_none=True, exclude={"id", "created"})
        entries.append({"request": key(wire), "answer": {"id": "recorded", "created": 0, **kept}})
        return answer

    return recorded


def main() -> None:
    """Ask the embedded model about the seed and write down what it says, whatever that is."""
    from summariser import load_settings, open_model, summarise
    from summariser.cli.narration import narrating
    from summariser.models.naming import EMBEDDED

    entries: list[dict[str, object]] = []
    settings = load_settings()
    with narrating(verbose=True) as listener, open_model(EMBEDDED, settings, listener=listener) as model:
        model.transport = recording(model.transport, entries)
        summary = summarise(SEED, model=model, settings=settings, listener=listener)
    FILE.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{len(entries)} answers, {summary.run.seconds:.0f} s")


if __name__ == "__main__":
    main()
