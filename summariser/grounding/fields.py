"""Checks of an item's fields against its cited words: each yields its objections to the item.

`ItemKind.checks` names the checks of a kind, in order.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from summariser.documents import Document
from summariser.grounding.actors import Actor
from summariser.grounding.verdicts import Grounder
from summariser.linking import LinkedItem
from summariser.schema import Evidence
from summariser.text import lexicon, tokenize

_FIRM = frozenset({"agreed", "pledged", "decided", "planned"})


class Objection(NamedTuple):
    """An objection to an item: the code and the message of the warning."""

    code: str
    message: str


class Speech(NamedTuple):
    """A quotation in the source's own characters; None with an objection if the source has no such words."""

    words: str | None
    objection: Objection | None = None


@dataclass(frozen=True, kw_only=True)
class Cited:
    """An item with the words that it cites.

    `acting` are the item's actors: the parties in the first field of its kind that names parties.
    """

    document: Document
    grounder: Grounder
    item: LinkedItem
    evidence: tuple[Evidence, ...]
    acting: tuple[Actor, ...]

    @cached_property
    def sentences(self) -> list[int]:
        """The numbers of the cited sentences."""
        return [number for e in self.evidence for number in e.sentences]

    @cached_property
    def words(self) -> frozenset[str]:
        """The cited words, as tokens compare them."""
        return frozenset(token.norm for e in self.evidence for token in tokenize(e.text or ""))

    @property
    def label(self) -> str:
        """The item's value from a closed set, such as its status."""
        return str(self.item.value(self.item.kind.label))

    @cached_property
    def speech(self) -> Speech:
        """The item's quotation, as direct speech of its actors."""
        return _direct_speech(self)

    def not_acting(self, verbs: frozenset[str]) -> str:
        """Return the names of the actors that cannot be subjects of these verbs in the cited sentences."""
        return ", ".join(a.name for a in self.acting if not self.grounder.acts(a, self.sentences, verbs))


def _status(cited: Cited) -> Iterator[Objection]:
    """Check that the cited words express the status, do not reverse it, and that the actors can be its subjects."""
    cue = lexicon.status_words(cited.label, cited.document.language, cited.words)
    if cue is None:
        return
    if not cited.words & cue:
        yield Objection("status_doubtful", f"Nothing in the cited words says {cited.label!r}.")
    elif cited.label in _FIRM and (back := cited.words & lexicon.REVERSALS):
        words = ", ".join(sorted(back))
        yield Objection("status_doubtful", f"The cited words may take {cited.label!r} back: {words}.")
    elif others := cited.not_acting(cue):
        yield Objection("actor_doubtful", f"Somebody else commits there, it seems: not {others}.")


def _terms(cited: Cited) -> Iterator[Objection]:
    """Check that the cited words have the condition and the deadline, and that no condition is left out."""
    item, grounder = cited.item, cited.grounder
    for name in item.kind.terms:
        said = item.value(name)
        if said and not grounder.says_all(said, cited.sentences):
            yield Objection(f"{name}_doubtful", f"The cited words do not give the {name} {said!r}.")
    states_condition = item.value("condition") or grounder.has_condition(item.text)
    if not states_condition and grounder.conditional(cited.sentences):
        yield Objection("condition_doubtful", "The cited words make this depend on a condition.")


def _stance(cited: Cited) -> Iterator[Objection]:
    """Check that the cited words express the stance, and that the actors can be its subjects."""
    language = cited.document.language
    known = lexicon.stances(language)
    if cited.label not in known:
        return
    if not cited.words & known[cited.label]:
        spoken = [name for name, cue in known.items() if cited.words & cue]
        instead = f" They speak for {' or '.join(map(repr, spoken))}." if spoken else ""
        yield Objection("stance_doubtful", f"Nothing in the cited words says {cited.label!r}.{instead}")
    elif others := cited.not_acting(known[cited.label] | lexicon.speech(language)):
        yield Objection("actor_doubtful", f"Somebody else reacts there, it seems: not {others}.")


def _quote(cited: Cited) -> Iterator[Objection]:
    """Check that the quotation is direct speech of the actors, in the source's words."""
    if objection := cited.speech.objection:
        yield objection


def _direct_speech(cited: Cited) -> Speech:
    """Return an item's quotation in the source's own characters."""
    said, grounder = cited.item.value("quote"), cited.grounder
    if not said or not said.strip():
        return Speech(None)
    found = grounder.quote(said, tuple(cited.item.draft.sentences))
    if found.verdict not in ("verbatim", "relocated", "elided"):
        message = f"The quotation {said!r} was left out, for it is not the source's. {found.reason}"
        return Speech(None, Objection("quote_altered", message))
    (start, end), *_ = found.spans
    if not grounder.in_quotation_marks(start, end):
        message = f"{said!r} is no direct speech in the source; it was left out."
        return Speech(None, Objection("quote_doubtful", message))
    if not all(grounder.may_speak(actor, cited.document.at(start, end)) for actor in cited.acting):
        message = f"Somebody else says {said!r}, it seems; it was left out."
        return Speech(None, Objection("quote_doubtful", message))
    return Speech(said if found.verdict == "elided" else cited.document.text[start:end])


def _target(cited: Cited) -> Iterator[Objection]:
    """Check that the source has the names and numbers in the item's target."""
    if strange := cited.grounder.unknown_terms(cited.item.value(cited.item.kind.target)):
        names = ", ".join(strange)
        yield Objection("towards_doubtful", f"The source nowhere has what this is said to be about: {names}.")


def _harm(cited: Cited) -> Iterator[Objection]:
    """Check that the cited words express a danger, and that it has no speaker if the item names none."""
    language = cited.document.language
    if language != "en":
        return
    if not cited.words & lexicon.RISKS:
        yield Objection("risk_doubtful", "Nothing in the cited words speaks of a possible harm.")
    elif not cited.item.acting and cited.words & lexicon.speech(language):
        yield Objection("raiser_doubtful", "Somebody says this there; it is not the report's own voice.")


CHECKS: Mapping[str, Callable[[Cited], Iterator[Objection]]] = {
    "status": _status,
    "terms": _terms,
    "stance": _stance,
    "quote": _quote,
    "target": _target,
    "harm": _harm,
}
