"""One pass over a document, sentence by sentence."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from summariser.documents.document import Document
from summariser.documents.injection import injected_sentences
from summariser.extraction.rules.commitments import commitments_in, with_terms
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referent, Referents
from summariser.extraction.rules.reactions import reactions_in
from summariser.extraction.rules.risks import risks_in
from summariser.extraction.rules.syntax import Reading, readings
from summariser.schema import Draft, DraftCommitment, DraftItem, DraftReaction, DraftRisk
from summariser.text.names import is_outlet, name_in_label

_MOSTLY_QUOTED = 0.6  # share of a sentence in quotation marks from which on the speaker before goes on
_T = TypeVar("_T", bound=DraftItem)


@lru_cache(maxsize=32)  # asking and coverage propose from the same document
def extract_by_rules(document: Document) -> Draft:
    """The commitments, reactions and risks that the document's words speak of, in whole clauses of its own.

    Each cites its sentence, and the sentence that names whom a pronoun or a description in it stands for. It
    costs no tokens. Nothing is proposed in a language whose cue words are not known, nor from questions, the
    headline, rows of links and orders to the reader's software.
    """
    coreference = Coreference()
    commitments: list[DraftCommitment] = []
    reactions: list[DraftReaction] = []
    risks: list[DraftRisk] = []
    orders = injected_sentences(document)
    for reading in readings(document):
        speaker = NOBODY
        if reading.sentence.turn and not coreference.interviewed:
            coreference.interviewed = coreference.person
        if reading.sentence.number in orders:
            continue
        if not is_passed_over(reading, document):
            speaker = _speaker(reading, coreference)
            commitments += commitments_in(reading, coreference, speaker, document)
            reactions += reactions_in(reading, coreference, speaker)
            risks += risks_in(reading, coreference, speaker)
            commitments = with_terms(commitments, reading)
        coreference.go_on(reading, speaker)
    found = {"commitments": _distinct(commitments), "reactions": _distinct(reactions), "risks": _distinct(risks)}
    return Draft.model_construct(**found)  # type: ignore[arg-type]  # a Draft's limits are a model's; a long text has more


def is_passed_over(reading: Reading, document: Document) -> bool:
    """Whether nothing is read off this sentence: a question, the headline, a row of links."""
    text = reading.sentence.text
    return text.rstrip().endswith("?") or text == document.title or " | " in text


def _speaker(reading: Reading, coreference: Coreference) -> Referents:
    """Who speaks in the sentence: whose turn it is, who is said to; in one that is all quotation, who spoke before."""
    turn = reading.sentence.turn
    if turn and turn.answers:
        return coreference.interviewed
    if turn and not turn.asks and (name := name_in_label(turn.label)):
        return (Referent(name, turn.sentence),)
    for verb in reading.verbs:
        told = verb.cue.kind == "speech" and not reading.quoted(verb.place)
        found = coreference.all_of(reading, reading.subjects(verb.place, speech=True)) if told else NOBODY
        if found and not is_outlet(found[0].name):  # an outlet only carries what others say
            return found[:1]
    quoted = sum(end - start for start, end in reading.quotes)
    return coreference.speaker if quoted > _MOSTLY_QUOTED * len(reading.text) else NOBODY


def _distinct(items: Iterable[_T]) -> list[_T]:
    return list({item.model_dump_json(): item for item in items}.values())
