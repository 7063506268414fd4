"""Who acts and who speaks in each sentence of a document, with pronouns and descriptions resolved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summariser.documents import Document
from summariser.extraction.rules.coreference import Coreference, Referents, names
from summariser.extraction.rules.extract import speaker_of
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Reading, readings
from summariser.extraction.rules.verbs import SenseKind

_NO_LONGER = frozenset({"former", "ex", "late", "previous"})


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A mention of actors in a sentence.

    Attributes:
        start: The offset of its first character in the document's text.
        end: The offset after its last character.
        names: The names of those whom it means, a pronoun or a description resolved; as it stands if unresolved.
        resolved: True if it is a pronoun or a description that stands for other words.
        free: True if no preposition and no possessive ending governs it, so that it may be a subject.
        proper: True if it is a proper name.
        pronoun: The type of a pronoun ("person", "thing", "plural", "own"); empty if it is not a pronoun.
        quoted: True if it stands in direct speech.
    """

    start: int
    end: int
    names: tuple[str, ...]
    resolved: bool
    free: bool
    proper: bool
    pronoun: str
    quoted: bool

    @property
    def may_act(self) -> bool:
        """True if it may be the subject of what the source itself tells."""
        return self.free and not self.quoted


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a verb.

    Attributes:
        at: The offset of the verb in the document's text.
        verb: The verb, in lower case.
        names: The names of those who are its subject, or the agents of a passive.
        mentions: The mentions of them, in order.
    """

    at: int
    verb: str
    names: tuple[str, ...]
    mentions: tuple[ActorMention, ...]

    @property
    def by_name(self) -> bool:
        """True if proper names stand there, no pronouns or descriptions."""
        return bool(self.mentions) and all(mention.proper and not mention.resolved for mention in self.mentions)


class Acting:
    """The actors of one sentence.

    Attributes:
        number: The sentence's number.
        mentions: Its mentions of actors, in order.
        speakers: The names of those who speak: the subject of a verb of saying, the label of a turn, or the speaker
            before if a quotation goes on.
        spoken: The subjects of its verbs of saying.
        reacting: The subjects of its verbs of stance: "thanked", "condemned".
    """

    def __init__(self, reading: Reading, context: Coreference, speaker: Referents, offset: int) -> None:
        self.number = reading.sentence.number
        self.speakers = tuple(names(speaker))
        self._reading, self._offset = reading, offset
        self._who = {m.first: self._meant(m, context, speaker) for m in reading.mentions}
        self.mentions = tuple(self._mention(mention) for mention in reading.mentions)
        self.spoken = tuple(self._subjects_of("speech"))
        self.reacting = tuple(self._subjects_of("reaction"))

    def _meant(self, mention: Mention, context: Coreference, speaker: Referents) -> tuple[str, ...]:
        """Return the names of those whom a mention means; a "former minister" is not the minister of the text."""
        around = self._reading.tokens[max(0, mention.first - 1) : mention.end]
        if not _NO_LONGER.isdisjoint(token.norm for token in around):
            return (mention.name,)
        return tuple(names(context.who(self._reading, mention, speaker)))

    def _subjects_of(self, kind: SenseKind) -> Iterator[Subject]:
        """Yield the subjects of the verbs of a kind that stand outside direct speech."""
        for verb in self._reading.verbs:
            if verb.sense.kind == kind and not self._reading.quoted(verb.place):
                found = self._subject(verb.place, speech=kind == "speech")
                if found.names:
                    yield found

    def _mention(self, mention: Mention) -> ActorMention:
        reading, who = self._reading, self._who[mention.first]
        return ActorMention(
            start=self._offset + reading.tokens[mention.first].start,
            end=self._offset + reading.tokens[mention.end - 1].end,
            names=who,
            resolved=bool(mention.pronoun) or who != (mention.name,),
            free=not reading.governed(mention) and not reading.possesses(mention),
            proper=mention.named,
            pronoun=mention.pronoun,
            quoted=reading.quoted(mention.first),
        )

    def _subject(self, place: int, *, speech: bool = False) -> Subject:
        found = self._reading.subjects(place, speech=speech)
        who = tuple(dict.fromkeys(name for mention in found for name in self._who[mention.first]))
        token = self._reading.tokens[place]
        return Subject(self._offset + token.start, token.norm, who, tuple(map(self._mention, found)))

    def subjects(self, spans: Sequence[tuple[int, int]]) -> tuple[Subject, ...]:
        """Return the subjects of the verbs in spans of the document's text, of words that are verbs in rules' lists."""
        verbs = (verb.place for verb in self._reading.verbs)
        inside = [place for place in dict.fromkeys(verbs) if self._inside(place, spans)]
        return tuple(found for place in inside if (found := self._subject(place)).names)

    def subject_before(self, offset: int) -> Subject | None:
        """Return the subject of the word at an offset, as if it were a verb; None if there is none."""
        place = next((p for p, t in enumerate(self._reading.tokens) if self._offset + t.start >= offset), None)
        if place is None:
            return None
        found = self._subject(place)
        return found if found.names else None

    def _inside(self, place: int, spans: Sequence[tuple[int, int]]) -> bool:
        at = self._offset + self._reading.tokens[place].start
        return any(start <= at < end for start, end in spans)


@lru_cache(maxsize=32)
def acting(document: Document) -> Mapping[int, Acting]:
    """Return who acts in each content sentence of a document, by the sentence's number.

    Args:
        document: The document; without word lists for its language only names are found.
    """
    context = Coreference()
    found: dict[int, Acting] = {}
    for reading in readings(document):
        if reading.sentence.turn and not context.interviewed:
            context.interviewed = context.person
        speaker = speaker_of(reading, context)
        spoken = document.spoken(reading.sentence)
        offset = reading.sentence.end - len(spoken)
        found[reading.sentence.number] = Acting(reading, context, speaker, offset)
        context.go_on(reading, speaker)
    return found
