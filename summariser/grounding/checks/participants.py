"""A participant: one party that a field names, in the context of its claim."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import dropwhile

from summariser.documents.speakers.turns import Turn
from summariser.extraction.rules import Acting, ActorMention, Subject
from summariser.grounding.actors import Actor
from summariser.grounding.checks.findings import Finding, Span, carried_over, quoted, read
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import Token, lexicon, norms, stem, tokenize

_ONE_SPEAKER = frozenset("i me my mine je j' j’ me moi ich mich mir yo mí".split())
_HELD = lexicon.words("offices", "en") | lexicon.words("ranks", "en")
_PLURAL_NOUNS = lexicon.words("group_nouns", "en")


@dataclass(frozen=True)
class Participant:
    """One party of a field, in the context of its claim."""

    context: Context
    actor: Actor
    field: Field

    @property
    def name(self) -> str:
        """The party's name."""
        return self.actor.name

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    def is_named(self, names: Iterable[str]) -> bool:
        """Return True if one of these names is the party's."""
        return any(self.actor.has_name(name) and not self._fits_another(name) for name in names)

    def _fits_another(self, name: str) -> bool:
        """Return True if the name also fits another known person, and the passage does not name this one."""
        bearers = self.context.source.actors.bearers(name)
        shared = any(other.person and other.name != self.name for other in bearers)
        return shared and self.actor.person and not self.named_here

    def is_meant(self, mention: ActorMention) -> bool:
        """Return True if a mention means the party: by its name, or as the referent of a fitting pronoun."""
        return self.may_be(mention) and self.is_named(mention.names)

    def may_be(self, mention: ActorMention) -> bool:
        """Return True if a mention may mean such a party: "I" and "she" mean persons, "it" does not.

        A body for which "I" speaks is another matter: `kin_of_subject`.
        """
        if self.is_speaking_person(mention) or (self.context.language == "en" and mention.pronoun == "person"):
            return self.actor.person
        if self.context.language == "en" and mention.pronoun == "thing":
            return not self.actor.person and not self._is_plural
        return True

    def is_speaking_person(self, mention: ActorMention) -> bool:
        """Return True if a mention is "I", and not "we"."""
        words = self.context.words_at(mention.start, mention.end).casefold()
        return mention.pronoun == "own" and words in _ONE_SPEAKER

    @property
    def _is_plural(self) -> bool:
        """True if the party is a group with a plural noun as its name: "customers"."""
        head = self.name.split()[-1].casefold() if self.name else ""
        return head in lexicon.words("group_nouns", "en")

    def is_kin(self, names: Iterable[str]) -> bool:
        """Return True if one of these names is that of a party that belongs to this one, or to which it belongs."""
        actors = self.context.source.actors
        kin = actors.kin(self.actor)
        return any(bearer in kin for name in names for bearer in actors.bearers(name))

    def is_of_stranger(self, mention: ActorMention) -> bool:
        """Return True if a pronoun stands for a name that is that of no known party."""
        return any(name[:1].isupper() and not self._is_known(name) for name in mention.names if mention.resolved)

    def is_kin_of(self, other: Actor, names: Iterable[str]) -> bool:
        """Return True if one of these names is that of another party, or of one that belongs to it."""
        actors = self.context.source.actors
        own = {other, *actors.kin(other)}
        return any(bearer in own for name in names for bearer in actors.bearers(name))

    @cached_property
    def named_here(self) -> list[Span]:
        """The places at which the passage names the party."""
        return [span for number in self.context.passage for span in self._places_in(number)]

    @cached_property
    def named_before(self) -> list[int]:
        """The sentences of the window that name the party."""
        return [number for number in self.context.window if self._places_in(number)]

    def _places_in(self, number: int) -> list[Span]:
        """Return the places at which a sentence names the party, without the label of somebody else's turn."""
        source = self.context.source
        tokens, turn = source.indexed.tokens[number], source.document.sentences[number - 1].turn
        places = [
            (tokens[first].start, tokens[end - 1].end) for first, end in source.actors.names_in(self.actor, number)
        ]
        if turn is None or turn in self._turns or self.field.role not in ("actor", "speaker"):
            return places
        return [(start, end) for start, end in places if start >= turn.spoken]

    @cached_property
    def others_named(self) -> bool:
        """True if the quoted sentences name another known party that is no kin of this one."""
        actors = self.context.source.actors
        kin = {self.name, *(other.name for other in actors.kin(self.actor))}
        return any(other.name not in kin for other in actors.named_in(self.context.quoted))

    def is_of_another(self, mention: ActorMention) -> bool:
        """Return True if a pronoun or a description stands for a known party that is no kin of this one."""
        known = mention.resolved and any(map(self._is_known, mention.names))
        return known and not self.is_named(mention.names) and not self.is_kin(mention.names)

    @property
    def opening_describes_another(self) -> bool:
        """True if a quoted sentence begins with an article and a word of another known party's name: "the council"."""
        own = {norm for name in self.actor.names for norm in norms(name)}
        determiners = lexicon.words("determiners", self.context.language)
        openings = (self.context.source.tokens([number])[:2] for number in self.context.quoted)
        words = (two[1].norm for two in openings if len(two) > 1 and two[0].norm in determiners)
        others = (other for word in words if word not in own for other in self.context.source.actors.with_word(word))
        return any(not self.is_kin(other.names) for other in others)

    @cached_property
    def other_subjects(self) -> tuple[str, ...]:
        """The names of the subjects, if they and all others who may act there are known parties, by proper name."""
        if not self.subjects:
            return ()
        may_act = [*self.subject_mentions, *(m for each in self.acting for m in each.mentions if m.may_act)]
        if not all(m.proper and not m.resolved and all(map(self._is_known, m.names)) for m in may_act):
            return ()
        return tuple(dict.fromkeys(name for subject in self.subjects for name in subject.names))

    def are_known(self, subject: Subject) -> bool:
        """Return True if a subject names known parties alone, or one word stands for one of them; "they" is open."""
        return all(map(self._is_known, subject.names)) and all(
            mention.proper or (mention.resolved and len(mention.names) == 1 and not self._may_be_several(mention))
            for mention in subject.mentions
        )

    def is_singular(self, subject: Subject) -> bool:
        """Return True if a subject is one name or one description in the singular."""
        last = subject.mentions[-1] if len(subject.mentions) == 1 else None
        words = self.context.words_at(last.start, last.end).casefold() if last is not None else ""
        return last is not None and not last.pronoun and not words.endswith("s") and words not in _PLURAL_NOUNS

    def names_stranger(self, number: int) -> bool:
        """Return True if a sentence names a known party that is neither kin of this one nor another of the field."""
        named = self.context.source.actors.named_in([number])
        others = (each for each in named if each not in self.field.actors and each != self.actor)
        return any(not self.is_kin((each.name,)) for each in others)

    def stranger_may_act(self, number: int) -> bool:
        """Return True if a known party, neither kin of this one nor another of the field, may act in a sentence."""
        acting = self.context.source.acting.get(number)
        strangers = (m for m in (acting.mentions if acting is not None else ()) if m.may_act and self.is_of_known(m))
        return any(not self.is_of_field(mention) and not self.is_kin(mention.names) for mention in strangers)

    def is_of_known(self, mention: ActorMention) -> bool:
        """Return True if a mention is of a known party."""
        return any(map(self._is_known, mention.names))

    def is_of_field(self, mention: ActorMention) -> bool:
        """Return True if a mention is of this party or of another one of its field."""
        return any(each.has_name(name) for each in (self.actor, *self.field.actors) for name in mention.names)

    def names_unknown(self, number: int) -> bool:
        """Return True if a proper name acts in a sentence that is that of no known party."""
        acting = self.context.source.acting.get(number)
        mentions = acting.mentions if acting is not None else ()
        return any(m.proper and m.free and not any(map(self._is_known, m.names)) for m in mentions)

    def _may_be_several(self, mention: ActorMention) -> bool:
        return mention.pronoun == "plural" or (mention.pronoun == "own" and not self.is_speaking_person(mention))

    def is_person_of_no_body(self, name: str) -> bool:
        """Return True if a name is that of a known person who is not known to belong to any body."""
        bearers = self.context.source.actors.bearers(name)
        return bool(bearers) and all(other.person and not other.belongs_to for other in bearers)

    def _is_known(self, name: str) -> bool:
        return bool(self.context.source.actors.bearers(name))

    # ── who acts in the passage ──────────────────────────────────────────────────────────────────

    @cached_property
    def acting(self) -> list[Acting]:
        """Who acts in the sentences that the quotation touches."""
        return self._acting_in(self.context.quoted)

    @cached_property
    def acting_in_passage(self) -> list[Acting]:
        """Who acts in these sentences, and then in the other cited ones, without those of another turn."""
        sentences = self.context.source.document.sentences
        others = (
            number
            for number in self.context.passage
            if number not in self.context.quoted and (not self._turns or sentences[number - 1].turn in self._turns)
        )
        return [*self.acting, *self._acting_in(others)]

    def _acting_in(self, numbers: Iterable[int]) -> list[Acting]:
        return [found for n in numbers if (found := self.context.source.acting.get(n)) is not None]

    @cached_property
    def tells_of_another(self) -> bool:
        """True if the quoted sentences tell what somebody else says or feels, who is not "I" or "we"."""
        told = (subject for each in self.acting for subject in (*each.spoken, *each.reacting))
        return any(
            not self.is_named(subject.names) and all(mention.pronoun != "own" for mention in subject.mentions)
            for subject in told
        )

    def is_named_last(self, before: int) -> bool:
        """Return True if no other known person is named between the party and an offset in the text."""
        source, numbers = self.context.source, (*self.context.window, *self.context.passage)
        last = {actor: source.last_named(actor, numbers, before=before) for actor in source.actors.named_in(numbers)}
        own = max((place for actor, place in last.items() if actor.name == self.name), default=-1)
        kin = {actor.name for actor in source.actors.kin(self.actor)}
        others = (place for actor, place in last.items() if actor.person and actor.name not in kin)
        return own >= 0 and all(place <= own for place in others)

    @cached_property
    def subjects(self) -> list[Subject]:
        """The subjects of the verbs that govern the quotation: those in it, otherwise the last one before it."""
        found = [subject for each in self.acting for subject in each.subjects(self.context.spans)]
        at = self._first_shared_word
        if found or at is None:
            return found
        return [subject for each in self.acting if (subject := each.subject_before(at.start)) is not None]

    @cached_property
    def doers(self) -> Subject | None:
        """The subject of the text's first word, or of the first behind the actors with whom the text begins.

        It is looked for in the sentence that has most words of the text.
        """
        context = self.context
        wanted = context.content_words(context.claim.text)
        best = max(context.quoted, key=lambda n: len(context.explained(wanted, [n])), default=0)
        acting = context.source.acting.get(best)
        if acting is None:
            return None
        tokens = context.source.tokens([best])
        said = [t for t in tokens if t in context.cited_tokens] or tokens
        named = {norm for actor in self.field.actors for name in actor.names for norm in norms(name)}
        if wanted[:1] and wanted[0] in named:  # the act stands behind "Arlen and the Bocian leader Lee"
            capitals = {token.norm for token in tokenize(context.claim.text) if token.capital}
            wanted = list(dropwhile((named | capitals | _HELD).__contains__, wanted))
        found = (t for word in wanted for part in (said, tokens) for t in part if context.is_form_of(t.norm, word))
        first = next(found, None)
        return acting.subject_before(first.start) if first is not None else None

    @property
    def subject_mentions(self) -> list[ActorMention]:
        """The mentions that are those subjects."""
        return [mention for subject in self.subjects for mention in subject.mentions]

    @property
    def free_mentions(self) -> list[ActorMention]:
        """The mentions in the quoted sentences that may be subjects."""
        return [mention for each in self.acting for mention in each.mentions if mention.free]

    @cached_property
    def _first_shared_word(self) -> Token | None:
        """The first word of the quotation that the claim's text has as well, in any form."""
        language = self.context.language
        wanted = {stem(word, language) for word in self.context.content_words(self.context.claim.text)}
        tokens = self.context.cited_tokens or self.context.quoted_tokens
        return next((token for token in tokens if stem(token.norm, language) in wanted), None)

    @cached_property
    def turn(self) -> Turn | None:
        """The turn of a transcript in which all quoted sentences stand; None if there is none."""
        return next(iter(self._turns)) if len(self._turns) == 1 else None

    @property
    def of_several_turns(self) -> bool:
        """True if the quoted sentences stand in turns of several speakers."""
        return len({turn.speaker or turn.label for turn in self._turns}) > 1

    @cached_property
    def _turns(self) -> frozenset[Turn]:
        """The turns of a transcript in which the quoted sentences stand."""
        sentences = self.context.source.document.sentences
        return frozenset(turn for n in self.context.quoted if (turn := sentences[n - 1].turn) is not None)

    @property
    def takes_turn(self) -> bool:
        """True if that turn is the party's: by the speaker's name, or by the whole label of an unknown speaker."""
        if self.turn is None:
            return False
        if self.turn.speaker:
            return self.actor.has_name(self.turn.speaker)
        return bool(self.turn.party) and norms(self.turn.party) in map(norms, self.actor.names)


def participants(context: Context, field: Field) -> Iterable[Participant]:
    """Return each party of a field."""
    return (Participant(context, actor, field) for actor in field.actors)


def stands_for(party: Participant, mention: ActorMention) -> Finding:
    """Return the finding that a pronoun or a description stands for the party."""
    words = quoted(party.context.words_at(mention.start, mention.end))
    return carried_over(f"{words} stands for {party.name} there.", (mention.start, mention.end))


def nobody_named(context: Context, field: Field) -> Finding | None:
    """Leave a field without any party to the reader.

    Examples:
        >>> says("The port will be closed.", text="close the port", actor="")
        'read: Nobody is named.'
    """
    return None if field.actors else read("Nobody is named.")
