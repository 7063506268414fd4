"""Coreference: find the antecedent of a pronoun, of "the union" or of "the Gambian minister".

Each table holds rules in the order in which they are tried; the first that finds an antecedent decides.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from summariser.documents import Turn
from summariser.extraction.rules.function_words import OFFICES
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Reading
from summariser.extraction.rules.verbs import ACTOR_NOUNS, ADJECTIVES, PERSON_NOUNS
from summariser.text import lexicon, state_named

_TERMS_FOLLOW = 10  # sentences after an agreement that may state its terms
_BOTH = re.compile(
    r"(?:the )?(?:two|both|three|four|five)"
    r"(?: (?:countries|sides|states|governments|parties|nations|unions|companies|signatories))?|"
    r"(?:the )?(?:signatories|sides|both sides|parties)",
    re.I,
)
_PLURAL = re.compile(r"(?:s|men|people|police)$")
_COMPANIES = lexicon.words("company_nouns")
_COMPANY = lexicon.pattern("company_name_words", "en", flags=re.NOFLAG)
_BODIES = {
    noun: re.compile(rf"\b(?:{'|'.join(of_names.split())})\b")
    for nouns, of_names in lexicon.rows("body_nouns", "en")
    for noun in nouns.split()
}
_OF_ANY_NAME = frozenset("airline carrier watchdog regulator club".split())
_OTHER_BODY = lexicon.pattern("public_bodies")
_BODY = lexicon.pattern("body_name_words", "en", flags=re.NOFLAG)


class Referent(NamedTuple):
    """A name, and the number of its sentence."""

    name: str
    sentence: int


Referents = tuple[Referent, ...]
NOBODY: Referents = ()


class Described(NamedTuple):
    """A person with the words of a description."""

    person: Referent
    roles: frozenset[str]


@dataclass
class Coreference:
    """The context from the sentences so far: who acted last, who agreed with whom, and how actors were described."""

    person: Referents = ()
    thing: Referents = ()
    last: Referents = ()
    plural: Referents = ()
    several: Referents = ()
    several_at: int = 0
    plural_at: int = 0
    agreed: Referents = ()
    agreed_at: int = 0
    actors: Referents = ()
    speaker: Referents = ()
    turn: Turn | None = None
    interviewed: Referents = ()
    subject: str = ""
    referents: list[Referent] = field(default_factory=list)
    by_role: dict[str, list[Described]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    by_first_word: dict[str, set[str]] = field(default_factory=dict)
    by_last_word: dict[str, set[str]] = field(default_factory=dict)
    by_word: dict[str, list[Referent]] = field(default_factory=dict)

    def who(self, reading: Reading, mention: Mention, speaker: Referents = NOBODY) -> Referents:
        """Return the referents of a mention; none if they are unknown.

        Args:
            reading: The sentence.
            mention: The mention.
            speaker: The referents of "I" and "we".
        """
        if mention.pronoun:
            return PRONOUNS[mention.pronoun](Pronoun(self, reading, mention, speaker))
        phrase = Phrase(self, Referent(mention.name, reading.sentence.number), reading.description_of(mention))
        return next((found for rule in PHRASES if (found := rule(phrase))), (phrase.here,))

    def all_of(self, reading: Reading, mentions: Iterable[Mention], speaker: Referents = NOBODY) -> Referents:
        """Return the referents of several mentions, each once."""
        found = {
            r.name: r for mention in reversed(list(mentions)) for r in reversed(self.who(reading, mention, speaker))
        }
        return tuple(reversed(found.values()))

    def note_actor(self, reading: Reading, mention: Mention) -> None:
        """Note a mention as a possible antecedent of "he", "it" or "they"."""
        found = self.who(reading, mention)
        number = reading.sentence.number
        if len(found) != 1:
            self.several, self.several_at = found, number
            return
        self.last = found
        named = Named(self, mention, found[0].name)
        if any(applies(named) for applies in PERSONS):
            self.person = found
        elif _PLURAL.search(_head(mention.name)) and not mention.named:
            self.plural, self.plural_at = found, number
        else:
            self.thing = self.plural = found
            self.plural_at = number

    def go_on(self, reading: Reading, speaker: Referents) -> None:
        """Note the names, descriptions and actors of a sentence after it was read."""
        number = reading.sentence.number
        for mention in reading.mentions:
            if not mention.pronoun and not reading.quoted(mention.first) and (mention.named or " " in mention.name):
                self._add(Referent(mention.name, number))
        for person, roles in reading.roles():
            self.describe(Referent(person, number), roles)
            if roles & PERSON_NOUNS:
                self.people.add(person)
        for mention in _acting(reading):
            if not mention.pronoun:
                self.note_actor(reading, mention)
        self.speaker, self.turn = speaker, reading.sentence.turn

    def describe(self, person: Referent, roles: frozenset[str]) -> None:
        """Note the words of a description of a person."""
        for word in roles:
            self.by_role.setdefault(word, []).append(Described(person, roles))

    def last_speaker(self, reading: Reading) -> Referents:
        """Return the speaker of the last sentence; nobody if another turn of a transcript has begun."""
        return self.speaker if reading.sentence.turn == self.turn else NOBODY

    def _add(self, known: Referent) -> None:
        self.referents.append(known)
        words = known.name.split()
        self.by_first_word.setdefault(words[0], set()).add(known.name)
        self.by_last_word.setdefault(words[-1], set()).add(known.name)
        for word in known.name.casefold().split():
            self.by_word.setdefault(word, []).append(known)

    def agreement(self, by: Referents, number: int) -> None:
        """Note who agreed in a sentence; their commitments in the next sentences are agreed as well."""
        self.several = self.agreed = by
        self.several_at = self.agreed_at = number

    def is_agreed(self, by: Referents, number: int) -> bool:
        """Return True if their commitment in that sentence is part of an earlier agreement."""
        return bool(by) and _actors(by) <= _actors(self.agreed) and number - self.agreed_at <= _TERMS_FOLLOW


def _head(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1].casefold()


# ── pronouns ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class Pronoun:
    """A pronoun in a sentence, the context before the sentence, and its speaker."""

    context: Coreference
    reading: Reading
    mention: Mention
    speaker: Referents

    @cached_property
    def in_this_sentence(self) -> Coreference:
        """The context from only the words before the pronoun in its sentence."""
        here = replace(self.context, person=(), thing=(), plural=(), several=(), last=())
        for other in self.reading.mentions:
            if other.end <= self.mention.first and not other.pronoun and not self._is_aside(other):
                here.note_actor(self.reading, other)
        return here

    def _is_aside(self, other: Mention) -> bool:
        return self.reading.quoted(other.first) or self.reading.governed(other)


def first_person(pronoun: Pronoun) -> Referents:
    """Find the antecedent of "I" or "we": the speaker of the sentence, otherwise the last speaker."""
    return pronoun.speaker or pronoun.context.last_speaker(pronoun.reading)


def third_person_plural(pronoun: Pronoun) -> Referents:
    """Find the antecedent of "they": the nearest group of names, or the nearest organisation."""
    context, here = pronoun.context, pronoun.in_this_sentence
    return (
        here.several or here.plural or (context.several if context.several_at >= context.plural_at else context.plural)
    )


def third_person(pronoun: Pronoun) -> Referents:
    """Find the antecedent of "he" or "she": the last person; in languages with grammatical gender, the last actor."""
    context, here = pronoun.context, pronoun.in_this_sentence
    if pronoun.reading.language in ("fr", "es"):
        return here.last or context.last
    return here.person or context.person


def neuter(pronoun: Pronoun) -> Referents:
    """Find the antecedent of "it": the last organisation."""
    return pronoun.in_this_sentence.thing or pronoun.context.thing


PRONOUNS: dict[str, Callable[[Pronoun], Referents]] = {
    "own": first_person,
    "plural": third_person_plural,
    "person": third_person,
    "thing": neuter,
}
"""The rule for each type of pronoun."""


# ── names and descriptions ───────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class Phrase:
    """A name or a description, the words between commas after it, and the context before it."""

    context: Coreference
    here: Referent
    apposition: frozenset[str]

    @cached_property
    def words(self) -> list[str]:
        """The words of the phrase."""
        return self.here.name.casefold().split()

    @cached_property
    def head(self) -> str:
        """The last word."""
        return self.words[-1]

    @cached_property
    def proper(self) -> bool:
        """True if a word has a capital."""
        return any(word[:1].isupper() for word in self.here.name.split())


def described_namesake(phrase: Phrase) -> Referents:
    """Find the namesake with the same description: "Kim, the professor"."""
    name, context = phrase.here.name, phrase.context
    if " " in name:
        return NOBODY
    surname = context.by_last_word.get(name.split()[0], set())
    bearers = (surname | context.by_first_word.get(name, set())) - {name}
    if len(bearers) < 2:
        return NOBODY
    offices = phrase.apposition & OFFICES
    described = [known.person for office in offices for known in context.by_role.get(office, ())]
    found = max((known for known in described if known.name in bearers), key=lambda r: r.sentence, default=None)
    return (Referent(found.name, phrase.here.sentence),) if found else NOBODY


def those_who_agreed(phrase: Phrase) -> Referents:
    """Find the antecedent of "the two countries" or "both sides"."""
    return phrase.context.several if _BOTH.fullmatch(phrase.here.name) else NOBODY


def name_without_description(phrase: Phrase) -> Referents:
    """Find a name that does not end with a noun for an actor; it refers to itself."""
    return (phrase.here,) if phrase.proper and phrase.head not in ACTOR_NOUNS else NOBODY


def person_with_role(phrase: Phrase) -> Referents:
    """Find the last person who was described with these words."""
    described = reversed(phrase.context.by_role.get(phrase.head, []))
    fitting = (known.person for known in described if set(phrase.words) <= known.roles | ADJECTIVES)
    return tuple(itertools.islice(fitting, 1))


def name_with_description(phrase: Phrase) -> Referents:
    """Find a name that ends with a noun for an actor; it refers to itself."""
    return (phrase.here,) if phrase.proper else NOBODY


def body_with_noun(phrase: Phrase) -> Referents:
    """Find the last organisation whose name contains the noun: "the union" is the Dockers' Union."""
    with_noun = reversed(phrase.context.by_word.get(phrase.head, []))
    longer = (known for known in with_noun if len(known.name.split()) > len(phrase.words))
    return tuple(itertools.islice(longer, 1))


def body_of_kind(phrase: Phrase) -> Referents:
    """Find the last organisation whose name implies the noun: "the company" is Orvel Gas."""
    if phrase.head not in _COMPANIES | _BODIES.keys():
        return NOBODY
    pattern = _BODIES.get(phrase.head, _COMPANY)
    fitting = (known for known in reversed(phrase.context.referents) if pattern.search(known.name))
    return tuple(itertools.islice(fitting, 1))


def body_named_last(phrase: Phrase) -> Referents:
    """Find the last acting organisation for a noun such as "company", if its name does not imply another noun."""
    if phrase.head not in _COMPANIES | _OF_ANY_NAME or not phrase.context.thing:
        return NOBODY
    name = phrase.context.thing[0].name
    surname = any(" " in known for known in phrase.context.by_last_word.get(name, ()))
    named = name[:1].isupper() and not surname and not state_named(name) and not _OTHER_BODY.search(name)
    return phrase.context.thing if named else NOBODY


PHRASES: tuple[Callable[[Phrase], Referents], ...] = (
    described_namesake,
    those_who_agreed,
    name_without_description,
    person_with_role,
    name_with_description,
    body_with_noun,
    body_of_kind,
    body_named_last,
)
"""Rules that find the referents of a name or a description."""


# ── who is a person ──────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class Named:
    """A mention, the name that it refers to, and the context before it."""

    context: Coreference
    mention: Mention
    name: str


def noun_for_person(actor: Named) -> bool:
    """Return True if the mention ends with a noun for one person."""
    return _head(actor.mention.name) in PERSON_NOUNS


def full_name(actor: Named) -> bool:
    """Return True if it is a name of several words, and not that of a state or an organisation."""
    several = actor.mention.named and 1 < len(actor.name.split()) <= 4
    return several and not state_named(actor.name) and not _BODY.search(actor.name)


def surname_of_known(actor: Named) -> bool:
    """Return True if it is the last word of a longer name."""
    known = actor.context.by_last_word.get(actor.name, ())
    return actor.mention.named and any(len(name.split()) > 1 for name in known)


def called_person(actor: Named) -> bool:
    """Return True if the name was described with a noun for one person."""
    return actor.name in actor.context.people


PERSONS: tuple[Callable[[Named], bool], ...] = (noun_for_person, full_name, surname_of_known, called_person)
"""Rules that recognise a person."""


def _acting(reading: Reading) -> Sequence[Mention]:
    """Return the subjects of a sentence's verbs, otherwise its first mention that may be a subject."""
    verbs = [verb for verb in reading.verbs if not reading.quoted(verb.place)]
    subjects = [mention for verb in verbs for mention in reading.subjects(verb.place, speech=True)]
    free = [m for m in reading.mentions if not reading.quoted(m.first) and not reading.governed(m)]
    return subjects or free[:1]


def _actors(referents: Referents) -> set[str]:
    """Return the names, with states as codes: Luanda signs for Angola."""
    return {state_named(name) or name for name in names(referents)}


def names(referents: Referents) -> list[str]:
    """Return the names of referents."""
    return [r.name for r in referents]


def sentences(here: int, *referents: Referents) -> list[int]:
    """Return the numbers of an item's sentence and of the sentences before it that name its referents.

    Args:
        here: The number of the item's sentence.
        referents: The referents of the item.
    """
    return sorted({here, *(r.sentence for group in referents for r in group)})
