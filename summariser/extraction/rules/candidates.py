"""What may express a commitment, a verb or a future, with its context."""

from dataclasses import dataclass
from functools import cached_property

from summariser.extraction.rules.conditions import conditions_of
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referents
from summariser.extraction.rules.syntax import Position, Verb
from summariser.schema import Status
from summariser.text import lexicon

_OPENING = 2  # tokens before a verb that opens its sentence
_ATTRIBUTING = frozenset("decided pledged threatened agreed".split())
_BENEFITS = lexicon.words("receiving_words", "en")


@dataclass(eq=False)
class Candidate(Position):
    """A verb or a future that may express a commitment, with its end, its status and its context."""

    end: int
    status: Status
    coreference: Coreference
    speaker: Referents

    @cached_property
    def subjects(self) -> Referents:
        """The subjects of the verb or the future."""
        return self.subjects_of(self.place)

    def subjects_of(self, place: int) -> Referents:
        """Return the subjects of the verb at that place."""
        reading = self.reading
        mentions = reading.subjects(place, speech=reading.language != "en")
        if not mentions and reading.language == "es" and (place <= _OPENING or reading.quoted(place)):
            return self.speaker if reading.quoted(place) else self.coreference.last  # Spanish drops subject pronouns
        return self.coreference.all_of(reading, mentions, self.speaker)

    @cached_property
    def attribution(self) -> Verb | None:
        """The verb after the clause that attributes it: "..., the cabinet decided"."""
        reading = self.reading
        for verb in reading.verbs:
            if verb.place <= self.place or verb.sense.kind != "commitment" or verb.sense.sort not in _ATTRIBUTING:
                continue
            if any(match.start() <= reading.tokens[verb.place].start < match.end() for match in conditions_of(reading)):
                continue
            subjects = [] if reading.quoted(verb.place) else reading.subjects(verb.place)
            if not subjects or subjects[0].first <= self.place:
                continue
            if "," in reading.text[self.token.end : reading.tokens[subjects[0].first].start]:
                return verb
        return None

    @cached_property
    def first_person(self) -> bool:
        """True if the subject is "I" or "we"."""
        return any(mention.pronoun == "own" for mention in self.reading.subjects(self.place)[:1])

    @cached_property
    def parties(self) -> tuple[Referents, Referents]:
        """The parties that make the commitment of a future, and those it is made to, if the future expresses them."""
        return next((found for rule in PARTIES if (found := rule(self))), (self.subjects, NOBODY))

    @cached_property
    def agreed_before(self) -> bool:
        """True if a future is about what its actors agreed in an earlier sentence."""
        return not self.speaker and self.coreference.is_agreed(self.parties[0], self.reading.sentence.number)


# ── parties that are not the subject ─────────────────────────────────────────────────────────────


def beneficiary_as_subject(future: Candidate) -> tuple[Referents, Referents] | None:
    """Find a subject to whom something is given: "they will be paid"."""
    if _BENEFITS.isdisjoint(future.after(5)):
        return None
    return future.speaker or future.coreference.actors, future.subjects


def passive_of_speaker(future: Candidate) -> tuple[Referents, Referents] | None:
    """Find the speaker of a passive: "The plant will be closed, Kim said"."""
    return (future.speaker, NOBODY) if "be" in future.after(3) and future.speaker else None


PARTIES = (beneficiary_as_subject, passive_of_speaker)
"""Rules that find the parties of a future whose subject does not make the commitment."""
