"""Extraction by rules: one pass over a document, sentence by sentence."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from summariser.documents import Document, injected_sentences
from summariser.extraction.rules.commitments import commitments_in, with_terms
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referent, Referents
from summariser.extraction.rules.reactions import reactions_in
from summariser.extraction.rules.risks import risks_in
from summariser.extraction.rules.syntax import Reading, readings
from summariser.schema import Draft, DraftCommitment, DraftItem, DraftReaction, DraftRisk
from summariser.text import is_outlet

_MOSTLY_QUOTED = 0.6  # minimum share of a sentence in quotation marks for which the previous speaker continues
_T = TypeVar("_T", bound=DraftItem)


@lru_cache(maxsize=32)  # extraction and coverage read the same document
def extract_by_rules(document: Document) -> Draft:
    """Return the commitments, reactions and risks of a document, in the words of its clauses.

    Each item cites its sentence, and the sentence with the antecedent of a pronoun or description in it. Questions, the
    headline, rows of links and prompt injections are skipped. The result is empty for a language without word lists.

    Args:
        document: The document to read.
    """
    coreference = Coreference()
    commitments: list[DraftCommitment] = []
    reactions: list[DraftReaction] = []
    risks: list[DraftRisk] = []
    injected = injected_sentences(document)
    for reading in readings(document):
        speaker = NOBODY
        if reading.sentence.turn and not coreference.interviewed:
            coreference.interviewed = coreference.person
        if reading.sentence.number in injected:
            continue
        if not is_passed_over(reading, document):
            speaker = speaker_of(reading, coreference)
            commitments += commitments_in(reading, coreference, speaker, document)
            reactions += reactions_in(reading, coreference, speaker)
            risks += risks_in(reading, coreference, speaker)
            commitments = with_terms(commitments, reading)
        coreference.go_on(reading, speaker)
    found = {"commitments": _distinct(commitments), "reactions": _distinct(reactions), "risks": _distinct(risks)}
    return Draft.of_parts(found)  # the limits of a Draft apply to models; a long text has more items


def is_passed_over(reading: Reading, document: Document) -> bool:
    """Return True if the sentence is skipped: a question, the headline or a row of links."""
    text = reading.sentence.text
    return text.rstrip().endswith("?") or text == document.title or " | " in text


def interviewee(reading: Reading, coreference: Coreference) -> Referents | None:
    """Find the interviewee, in the turn of an answer."""
    return coreference.interviewed if reading.sentence.turn and reading.sentence.turn.answers else None


def labelled_speaker(reading: Reading, _: Coreference) -> Referents | None:
    """Find the speaker whose name stands before a turn of a transcript; an unknown one has the name of the label."""
    turn = reading.sentence.turn
    return (Referent(turn.party, turn.sentence),) if turn and turn.party and not turn.asks else None


def subject_of_speech(reading: Reading, coreference: Coreference) -> Referents | None:
    """Find the subject of a verb of saying outside quotations; a news outlet does not count."""
    for verb in reading.verbs:
        if verb.sense.kind == "speech" and not reading.quoted(verb.place):
            found = coreference.all_of(reading, reading.subjects(verb.place, speech=True))
            if found and not is_outlet(found[0].name):
                return found[:1]
    return None


def speaker_of_running_quotation(reading: Reading, coreference: Coreference) -> Referents | None:
    """Find the previous speaker, if most of the sentence is a quotation."""
    quoted = sum(end - start for start, end in reading.quotes)
    return coreference.last_speaker(reading) if quoted > _MOSTLY_QUOTED * len(reading.text) else None


SPEAKERS: tuple[Callable[[Reading, Coreference], Referents | None], ...] = (
    interviewee,
    labelled_speaker,
    subject_of_speech,
    speaker_of_running_quotation,
)
"""Rules that find the speaker of a sentence, in the order in which they are tried."""


def speaker_of(reading: Reading, coreference: Coreference) -> Referents:
    """Return the speaker of a sentence; nobody if no rule finds one."""
    return next((found for rule in SPEAKERS if (found := rule(reading, coreference)) is not None), NOBODY)


def _distinct(items: Iterable[_T]) -> list[_T]:
    return list({item.model_dump_json(): item for item in items}.values())
