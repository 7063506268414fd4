"""Who is named, who speaks and who acts in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from summariser.documents.tokenized import TokenizedDocument
from summariser.text import lexicon
from summariser.text.states import state_named, states_in
from summariser.text.tokens import Token, find_all, tokenize

_PASSIVE = lexicon.words("forms_of_be", "en")
_OFFICES = lexicon.words("state_organs", "en")
_AGENT = lexicon.words("agent_markers")
_THIRD_PERSON = [p for p in lexicon.pronouns() if p.referent in ("person", "plural") and p.form != "quantifier"]
_SINGULAR_PERSONS = frozenset(p.word for p in _THIRD_PERSON if p.referent == "person" and p.form in ("subject", "any"))
_PRONOUNS = frozenset(p.word for p in _THIRD_PERSON)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who must be named where a claim stands: by any of its names, or in the sentences listed in `bare`,
    where part of its name is known to mean it.
    """

    name: str
    names: frozenset[str]
    person: bool = False
    bare: frozenset[int] = frozenset()


class Actors:
    """Answers who is who in one source; `persons` are those a pronoun may stand for."""

    def __init__(self, source: TokenizedDocument, persons: Sequence[Actor]) -> None:
        self._source = source
        self._language = source.language
        self._tokens = source.tokens
        self._persons = persons

    def named(self, actor: Actor, passage: Sequence[int], strict: bool) -> bool:
        """Whether the passage names the actor, or refers back to it with a pronoun."""
        if any(self.mentions(actor, number) for number in passage):
            return True
        if strict or not any(self._has_pronoun(number) for number in passage):
            return False
        if actor.person and self._person_before_pronoun(actor, passage):
            return False
        return (
            self._last_persons(min(passage), actor) == [actor.name]
            if actor.person
            else self._just_named(actor, passage)
        )

    def _person_before_pronoun(self, actor: Actor, passage: Sequence[int]) -> bool:
        """Whether another person is named in the passage before its first pronoun, which then means that one."""
        for number in passage:
            pronoun = next((i for i, t in enumerate(self._tokens[number]) if t.norm in _PRONOUNS), None)
            named = [place for p in self._persons if p.name != actor.name for place in self._places(p, number)]
            if named and (pronoun is None or min(named) < pronoun):
                return True
            if pronoun is not None:
                return False
        return False

    def antecedent(self, actor: Actor, passage: Sequence[int]) -> int | None:
        """The sentence before the passage that names an actor whom the passage only refers back to."""
        if not passage or any(self.mentions(actor, number) for number in passage):
            return None
        earlier = [s.number for s in self._source.document.content if s.number < min(passage)][-4:]
        return next((number for number in reversed(earlier) if self.mentions(actor, number)), None)

    def _last_persons(self, before: int, *others: Actor) -> list[str]:
        """The persons named in the nearest sentence before that names any: who "he" or "she" may be."""
        earlier = [s.number for s in self._source.document.content if s.number < before][-4:]
        for number in reversed(earlier):
            named = [p.name for p in dict.fromkeys((*self._persons, *others)) if self.mentions(p, number)]
            if named:
                return self._speakers(number) or named
        return []

    def _just_named(self, actor: Actor, passage: Sequence[int]) -> bool:
        earlier = [s.number for s in self._source.document.content if s.number < min(passage)]
        return bool(earlier) and self.mentions(actor, earlier[-1])

    def other_speaker(self, actor: Actor, passage: Sequence[int]) -> str:
        """Who plainly speaks in the one cited sentence where that is not the actor, or nothing.

        "He said" is the person named last before; a person's name right beside the verb of saying is the
        speaker. Where nobody is found so, nothing is said against the actor.
        """
        if len(passage) != 1 or actor.name in (speakers := self._speakers(passage[0])):
            return ""
        if actor.person and speakers:
            return speakers[0]
        tokens = self._tokens[passage[0]]
        for place, token in enumerate(tokens[1:], 1):
            if token.norm in lexicon.speech(self._language) and tokens[place - 1].norm in _SINGULAR_PERSONS:
                last = self._last_persons(passage[0])
                if last and actor.name not in last:
                    return last[0]
        return ""

    def _speakers(self, number: int) -> list[str]:
        """The persons whose name stands right before or after a verb of saying in the sentence."""
        tokens = self._tokens[number]
        spoken = [i for i, t in enumerate(tokens) if t.norm in lexicon.speech(self._language)]
        found = []
        for person in self._persons:
            for name in self._written(person, number):
                starts = list(find_all(name, tokens))
                ends = [place + len(name) for place in starts]
                if any(end in spoken for end in ends) or any(start - 1 in spoken for start in starts):
                    found.append(person.name)
                    break
        return found

    def _written(self, actor: Actor, number: int) -> list[list[str]]:
        """The forms by which a sentence may name the actor, as word sequences, longest first."""
        forms = [[t.norm for t in tokenize(name) if t.norm != "the"] for name in actor.names]
        if number in actor.bare:
            forms += [[word] for form in list(forms) for word in form]
        return sorted(filter(None, forms), key=len, reverse=True)

    def mentions(self, actor: Actor, number: int) -> bool:
        """Whether the sentence names the actor; a state also by its people or its seat of government."""
        return bool(self._places(actor, number))

    def acts(self, actor: Actor, numbers_: Sequence[int], verbs: frozenset[str]) -> bool:
        """Whether the actor can be who does what the verbs say: named before one of them, or after "by" or "said".

        In the passive only what stands after "by" acts. Where a sentence names the actor but has no such verb,
        or has one but refers to its actor by a pronoun, nothing is said against the actor.
        """
        found = [self._acts_in(actor, number, verbs) for number in numbers_]
        decided = [answer for answer in found if answer is not None]
        return any(decided) if decided else True

    def _acts_in(self, actor: Actor, number: int, verbs: frozenset[str]) -> bool | None:
        tokens = self._tokens[number]
        said = [i for i, t in enumerate(tokens) if t.norm in verbs]
        if not said:
            return None
        places = self._places(actor, number)
        if not places:
            return None if self._has_pronoun(number) or self._has_the_floor(actor, number) else False
        agent = any(place and tokens[place - 1].norm in _AGENT for place in places)
        if agent:
            return True
        return any(place < verb and not self._passive(tokens, verb) for place in places for verb in said)

    def _passive(self, tokens: Sequence[Token], verb: int) -> bool:
        """Whether the verb is told of whom it happens to: "was criticised by"."""
        after = {t.norm for t in tokens[verb + 1 : verb + 4]}
        return verb > 0 and tokens[verb - 1].norm in _PASSIVE and "by" in after

    def _places(self, actor: Actor, number: int) -> list[int]:
        """Where the sentence names the actor, as token places."""
        tokens = self._tokens[number]
        codes = {state_named(name) for name in actor.names} - {None}
        written = [(form, place) for form in self._written(actor, number) for place in find_all(form, tokens)]
        places = [p for form, p in written if not (codes and self._longer_name(tokens, p, p + len(form)))]
        for code, first, end, is_name in states_in(tokens) if codes else ():
            stands = is_name and not self._longer_name(tokens, first, end)
            if code in codes and (stands or self._in_office(tokens, end)):
                places.append(first)
        return places

    def _longer_name(self, tokens: Sequence[Token], first: int, end: int) -> bool:
        """Whether a state's name is part of another name: Chad Miller is no state; New Mexico is another."""
        if 2 * sum(t.capital for t in tokens) > len(tokens):
            return False  # a line in title case
        before = tokens[first - 1] if first and tokens[first - 1].end + 1 == tokens[first].start else None
        after = tokens[end] if end < len(tokens) and tokens[end - 1].end + 1 == tokens[end].start else None
        small = lexicon.function_words(self._language) | _OFFICES
        return any(t is not None and t.capital and t.norm not in small and not states_in([t]) for t in (before, after))

    def _in_office(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a state's people stand for the state: the Russian president does, a Russian poet does not."""
        return place < len(tokens) and tokens[place].norm in _OFFICES

    def _has_the_floor(self, actor: Actor, number: int) -> bool:
        """Whether the sentence stands in a turn of the actor's."""
        turn = self._source.document.sentences[number - 1].turn
        return turn is not None and self.mentions(actor, turn.sentence)

    def _has_pronoun(self, number: int) -> bool:
        return any(t.norm in _PRONOUNS for t in self._tokens[number])
