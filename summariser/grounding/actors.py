"""Decide who is named, who speaks and who acts in a sentence.

Each table holds answers and their rules; the first rule that applies decides.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from summariser.documents import TokenizedDocument
from summariser.text import Token, find_all, lexicon, state_named, states_in, tokenize

_PASSIVE = lexicon.words("forms_of_be", "en")
_OFFICES = lexicon.words("state_organs", "en")
_AGENT = lexicon.words("agent_markers")
_THIRD_PERSON = [p for p in lexicon.pronouns() if p.referent in ("person", "plural") and p.form != "quantifier"]
_SINGULAR_PERSONS = frozenset(p.word for p in _THIRD_PERSON if p.referent == "person" and p.form in ("subject", "any"))
_PRONOUNS = frozenset(p.word for p in _THIRD_PERSON)


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor who must be named where a claim is cited.

    Attributes:
        name: The name that is shown.
        names: All names by which a text may call the actor.
        person: True for one person, to whom "he" or "she" may refer.
        bare: The numbers of the sentences in which a part of a name refers to the actor.
    """

    name: str
    names: frozenset[str]
    person: bool = False
    bare: frozenset[int] = frozenset()


class Actors:
    """Resolves actors in one source.

    Args:
        source: The source.
        persons: The persons to whom a pronoun may refer.
    """

    def __init__(self, source: TokenizedDocument, persons: Sequence[Actor]) -> None:
        self._source = source
        self._language = source.language
        self._persons = persons

    # ── who is named ─────────────────────────────────────────────────────────────────────────────

    def named(self, actor: Actor, passage: Sequence[int], by_name: bool) -> bool:
        """Return True if the passage names the actor or, unless `by_name`, refers to it with a pronoun."""
        reference = Reference(self, actor, passage, by_name)
        return next((answer for answer, applies in NAMED if applies(reference)), False)

    def mentions(self, actor: Actor, number: int) -> bool:
        """Return True if the sentence names the actor; a state also by its people or its seat of government."""
        return bool(self.places(actor, number))

    def antecedent(self, actor: Actor, passage: Sequence[int]) -> int | None:
        """Return the sentence before the passage that names an actor to whom the passage only refers."""
        if not passage or any(self.mentions(actor, number) for number in passage):
            return None
        return next((n for n in reversed(self._before(min(passage))) if self.mentions(actor, n)), None)

    def tokens(self, number: int) -> Sequence[Token]:
        """Return the tokens of a sentence."""
        return self._source.tokens[number]

    def first_pronoun(self, number: int) -> int | None:
        """Return the place of a sentence's first pronoun, or None."""
        return next((place for place, token in enumerate(self.tokens(number)) if token.norm in _PRONOUNS), None)

    def other_persons(self, actor: Actor, number: int) -> list[int]:
        """Return the places at which a sentence names other persons."""
        return [place for p in self._persons if p.name != actor.name for place in self.places(p, number)]

    def persons_before(self, number: int, *others: Actor) -> list[str]:
        """Return the persons in the nearest earlier sentence that names any, to whom "he" or "she" may refer."""
        for earlier in reversed(self._before(number)):
            named = [p.name for p in dict.fromkeys((*self._persons, *others)) if self.mentions(p, earlier)]
            if named:
                return self._speakers(earlier) or named
        return []

    def named_just_before(self, actor: Actor, number: int) -> bool:
        """Return True if the sentence before names the actor."""
        return any(self.mentions(actor, earlier) for earlier in self._before(number)[-1:])

    def _before(self, number: int) -> list[int]:
        """Return the last few content sentences before one."""
        return [s.number for s in self._source.document.content if s.number < number][-4:]

    def places(self, actor: Actor, number: int) -> list[int]:
        """Return the places at which a sentence names the actor."""
        tokens = self.tokens(number)
        codes = {state_named(name) for name in actor.names} - {None}
        written = [(form, place) for form in self._forms(actor, number) for place in find_all(form, tokens)]
        places = [p for form, p in written if not (codes and self._longer_name(tokens, p, p + len(form)))]
        for code, first, end, is_name in states_in(tokens) if codes else ():
            stands = is_name and not self._longer_name(tokens, first, end)
            if code in codes and (stands or self._in_office(tokens, end)):
                places.append(first)
        return places

    def _forms(self, actor: Actor, number: int) -> list[list[str]]:
        """Return the word sequences by which a sentence may name the actor, longest first."""
        forms = [[t.norm for t in tokenize(name) if t.norm != "the"] for name in actor.names]
        if number in actor.bare:
            forms += [[word] for form in list(forms) for word in form]
        return sorted(filter(None, forms), key=len, reverse=True)

    def _longer_name(self, tokens: Sequence[Token], first: int, end: int) -> bool:
        """Return True if a state's name is part of another name: Chad Miller, New Mexico."""
        if 2 * sum(t.capital for t in tokens) > len(tokens):
            return False  # a line in title case
        before = tokens[first - 1] if first and tokens[first - 1].end + 1 == tokens[first].start else None
        after = tokens[end] if end < len(tokens) and tokens[end - 1].end + 1 == tokens[end].start else None
        small = lexicon.function_words(self._language) | _OFFICES
        return any(t is not None and t.capital and t.norm not in small and not states_in([t]) for t in (before, after))

    def _in_office(self, tokens: Sequence[Token], place: int) -> bool:
        """Return True if an office follows a state's people: the Russian president is the state, a Russian poet not."""
        return place < len(tokens) and tokens[place].norm in _OFFICES

    # ── who speaks ───────────────────────────────────────────────────────────────────────────────

    def may_speak(self, actor: Actor, passage: Sequence[int]) -> bool:
        """Return True if the passage names or refers to the actor and names no other speaker."""
        return self.named(actor, passage, by_name=False) and not self.other_speaker(actor, passage)

    def other_speaker(self, actor: Actor, passage: Sequence[int]) -> str:
        """Return the speaker of a passage of one sentence if it is clearly not the actor, otherwise "".

        The speaker is the person whose name is next to a verb of saying; for "he said", the person named last.
        """
        if len(passage) != 1:
            return ""
        speakers = self._speakers(passage[0])
        if actor.name in speakers:
            return ""
        if actor.person and speakers:
            return speakers[0]
        last = self.persons_before(passage[0]) if self._has_pronoun_with_speech(passage[0]) else []
        return last[0] if last and actor.name not in last else ""

    def _speakers(self, number: int) -> list[str]:
        """Return the persons whose name stands right before or after a verb of saying."""
        tokens = self.tokens(number)
        spoken = [i for i, t in enumerate(tokens) if t.norm in lexicon.speech(self._language)]
        return [
            person.name
            for person in self._persons
            if any(
                place - 1 in spoken or place + len(name) in spoken
                for name in self._forms(person, number)
                for place in find_all(name, tokens)
            )
        ]

    def _has_pronoun_with_speech(self, number: int) -> bool:
        """Return True if a personal pronoun stands right before a verb of saying."""
        speech = lexicon.speech(self._language)
        pairs = itertools.pairwise(self.tokens(number))
        return any(before.norm in _SINGULAR_PERSONS and token.norm in speech for before, token in pairs)

    def has_turn(self, actor: Actor, number: int) -> bool:
        """Return True if the sentence stands in the actor's turn of a transcript."""
        turn = self._source.document.sentences[number - 1].turn
        return turn is not None and self.mentions(actor, turn.sentence)

    # ── who acts ─────────────────────────────────────────────────────────────────────────────────

    def acts(self, actor: Actor, passage: Sequence[int], verbs: frozenset[str]) -> bool:
        """Return True if the actor can be the subject of one of these verbs in the passage.

        Also returns True if no sentence of the passage shows the subject.
        """
        answers = [self._acts_in(Action(self, actor, number, verbs)) for number in passage]
        known = [answer for answer in answers if answer is not None]
        return any(known) if known else True

    def _acts_in(self, action: "Action") -> bool | None:
        """Return True if the actor can be the subject in a sentence, None if the sentence does not show it."""
        return next((answer for answer, applies in ACTS if applies(action)), False)


@dataclass(frozen=True)
class Reference:
    """An actor and a passage that may name or refer to it; `by_name` is True if it must be named."""

    actors: Actors
    actor: Actor
    passage: Sequence[int]
    by_name: bool


def named_in_passage(reference: Reference) -> bool:
    """Return True if the passage names the actor."""
    return any(reference.actors.mentions(reference.actor, number) for number in reference.passage)


def pronoun_not_accepted(reference: Reference) -> bool:
    """Return True if no pronoun is accepted for the actor."""
    return reference.by_name


def no_pronoun(reference: Reference) -> bool:
    """Return True if the passage has no pronoun."""
    return all(reference.actors.first_pronoun(number) is None for number in reference.passage)


def pronoun_of_other_person(reference: Reference) -> bool:
    """Return True if the passage names another person before its first pronoun, which then refers to that person."""
    if not reference.actor.person:
        return False
    for number in reference.passage:
        pronoun = reference.actors.first_pronoun(number)
        named = reference.actors.other_persons(reference.actor, number)
        if named and (pronoun is None or min(named) < pronoun):
            return True
        if pronoun is not None:
            return False
    return False


def last_person_named(reference: Reference) -> bool:
    """Return True if the actor is the only person to whom a pronoun in the passage can refer."""
    actor = reference.actor
    return actor.person and reference.actors.persons_before(min(reference.passage), actor) == [actor.name]


def body_named_just_before(reference: Reference) -> bool:
    """Return True if the actor is not a person and is named in the sentence before the passage."""
    actor = reference.actor
    return not actor.person and reference.actors.named_just_before(actor, min(reference.passage))


NAMED: tuple[tuple[bool, Callable[[Reference], bool]], ...] = (
    (True, named_in_passage),
    (False, pronoun_not_accepted),
    (False, no_pronoun),
    (False, pronoun_of_other_person),
    (True, last_person_named),
    (True, body_named_just_before),
)


@dataclass(frozen=True)
class Action:
    """An actor, a sentence, and the verbs for what the claim says that the actor does."""

    actors: Actors
    actor: Actor
    number: int
    words: frozenset[str]

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the sentence."""
        return self.actors.tokens(self.number)

    @cached_property
    def verbs(self) -> list[int]:
        """The places of the verbs."""
        return [place for place, token in enumerate(self.tokens) if token.norm in self.words]

    @cached_property
    def named(self) -> list[int]:
        """The places at which the actor is named."""
        return self.actors.places(self.actor, self.number)

    def is_passive(self, verb: int) -> bool:
        """Return True if the verb is a passive with an agent: "was criticised by"."""
        after = {token.norm for token in self.tokens[verb + 1 : verb + 4]}
        return verb > 0 and self.tokens[verb - 1].norm in _PASSIVE and "by" in after


def no_verb(action: Action) -> bool:
    """Return True if the sentence has none of the verbs."""
    return not action.verbs


def pronoun_as_subject(action: Action) -> bool:
    """Return True if the sentence does not name the actor but has a pronoun."""
    return not action.named and action.actors.first_pronoun(action.number) is not None


def own_turn(action: Action) -> bool:
    """Return True if the sentence does not name the actor but stands in its turn of a transcript."""
    return not action.named and action.actors.has_turn(action.actor, action.number)


def agent_or_postposed_speaker(action: Action) -> bool:
    """Return True if the actor stands right after "by", "said" or the like: as an agent, or post-posed."""
    return any(place and action.tokens[place - 1].norm in _AGENT for place in action.named)


def active_subject(action: Action) -> bool:
    """Return True if the actor stands before one of the verbs, which is not passive."""
    return any(place < verb and not action.is_passive(verb) for place in action.named for verb in action.verbs)


ACTS: tuple[tuple[bool | None, Callable[[Action], bool]], ...] = (
    (None, no_verb),
    (None, pronoun_as_subject),
    (None, own_turn),
    (True, agent_or_postposed_speaker),
    (True, active_subject),
)
