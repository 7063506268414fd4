"""Grounding the seed's claims in the seed, and in texts of 1 and 10 megabytes that begin with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from summariser import summarise
from summariser.documents.document import Document
from summariser.grounding import Actor, Claim, Grounder, statement
from summariser.schema import Summary
from summariser.text import tokens
from tests.benchmarks.measuring import RUNS, Row, in_turn, seconds
from tests.benchmarks.texts import long_text
from tests.conftest import SEED
from tests.recorded import replaying

_MEGABYTE = 1_000_000
_WRONG = (5,)  # a sentence of the seed that carries none of its claims
_NOWHERE = "the harbour of Bocia will be sold to the dockers next spring"


@dataclass(frozen=True)
class Ready:
    """A text with its Grounder, and the seconds that it took to make that, reading included."""

    text: str
    grounder: Grounder
    seconds: float


def measured() -> Iterator[Row]:
    """Reading and making ready a megabyte, and a claim of each kind: what a longer text adds."""
    summary = summarise(SEED, model=replaying(), prompt="sections@3")
    seed = _ready(SEED.read_text("utf-8"))
    one, ten = (_ready(long_text(size * _MEGABYTE)) for size in (1, 10))
    reading = in_turn(lambda: Document.from_text(one.text), lambda: get_sentence_boundaries("en", one.text))
    yield Row("a document of 1 MB", "its sentences alone", "s", *reading)
    for name, made, other_name, other in (("1 MB", one, "the seed", seed), ("10 MB", ten, "1 MB", one)):
        pace = (each.seconds / len(each.text) * _MEGABYTE for each in (made, other))
        yield Row(f"a document and its grounder of {name}", f"of {other_name}", "s/MB", *pace)
    for kind, claims in _claims(summary).items():
        in_seed, in_one, in_ten = (_milliseconds(each.grounder, claims) for each in (seed, one, ten))
        yield Row(f"{kind} in 10 MB", "in the seed", "ms", in_ten, in_seed)
        yield Row(f"{kind} in 10 MB", "in 1 MB", "ms", in_ten, in_one)


def _ready(text: str) -> Ready:
    """The quickest of a few runs, each with nothing known of the text's words."""
    made: list[Grounder] = []

    def make() -> None:
        for cached in (tokens._tokens, tokens.stem):
            cached.cache_clear()
        made[:] = [Grounder(Document.from_text(text))]

    best = min(seconds(make) for _ in range(RUNS if len(text) < _MEGABYTE else 1))
    return Ready(text, made[0], best)


def _claims(summary: Summary) -> dict[str, list[Claim]]:
    """The seed's supported items as claims: cited rightly or wrongly, in words of the model's or of the source's."""
    actors = {party.id: Actor(party.name, frozenset((party.name, *party.aliases))) for party in summary.parties}
    by = [(c.action, c.by, c) for c in summary.commitments] + [(r.statement, r.by, r) for r in summary.reactions]
    said = [(text, tuple(actors[i] for i in ids), item.evidence[-1]) for text, ids, item in by if item.verified]
    said += [(risk.risk, (), risk.evidence[-1]) for risk in summary.risks if risk.verified]
    return {
        "a cited claim": [statement(text, by=who, sentences=found.sentences) for text, who, found in said],
        "a claim cited wrongly": [statement(text, sentences=_WRONG) for text, _, _ in said],
        "a claim that stands nowhere": [statement(_NOWHERE, sentences=_WRONG)],
        "a quotation": [statement(text, words=found.text or "") for text, _, found in said],
        "an altered quotation": [statement(text, words=f"not {found.text}") for text, _, found in said],
    }


def _milliseconds(grounder: Grounder, claims: Sequence[Claim]) -> float:
    """The quickest of a few runs through the claims, for one of them."""

    def check() -> None:
        for claim in claims:
            grounder.claim(claim)

    return 1000 * min(seconds(check) for _ in range(3)) / len(claims)
