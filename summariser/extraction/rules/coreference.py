"""Who is who as a story goes on: whom a pronoun, "the union" or "the Gambian minister" stands for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from summariser.extraction.rules.function_words import OFFICES
from summariser.extraction.rules.mentions import Mention
from summariser.extraction.rules.syntax import Reading
from summariser.extraction.rules.verbs import ACTOR_NOUNS, ADJECTIVES, PERSON_NOUNS
from summariser.text import lexicon
from summariser.text.states import state_named

_TERMS_FOLLOW = 10  # sentences after an agreement in which its terms are told
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


@dataclass(frozen=True)
class Referent:
    """A name, and the sentence that has it."""

    name: str
    sentence: int


Referents = tuple[Referent, ...]
NOBODY: Referents = ()


@dataclass
class Coreference:
    """What was told so far: who acted last, who agreed with whom, who was said to be what."""

    person: Referents = ()
    thing: Referents = ()
    last: Referents = ()
    plural: Referents = ()
    several: Referents = ()
    several_at: int = 0
    plural_at: int = 0
    agreed: Referents = ()
    actors: Referents = ()
    speaker: Referents = ()
    interviewed: Referents = ()
    subject: str = ""
    _agreed_at: int = 0
    _names: list[Referent] = field(default_factory=list)
    _by_first_word: dict[str, set[str]] = field(default_factory=dict)
    _by_last_word: dict[str, set[str]] = field(default_factory=dict)
    _by_word: dict[str, list[Referent]] = field(default_factory=dict)
    _roles: list[tuple[frozenset[str], Referent]] = field(default_factory=list)
    _people: set[str] = field(default_factory=set)

    def who(self, reading: Reading, mention: Mention, speaker: Referents = NOBODY) -> Referents:
        """Whom a mention stands for; nobody where that cannot be told. `speaker` is who says "I" or "we"."""
        if not mention.pronoun:
            here = Referent(mention.name, reading.sentence.number)
            return self._namesake(here, reading.description_of(mention)) or self._described(here)
        if mention.pronoun == "own":
            return speaker or self.speaker
        nearer = replace(self, person=(), thing=(), plural=(), several=(), last=())
        for other in reading.mentions:
            if (
                other.end <= mention.first
                and not other.pronoun
                and not reading.quoted(other.first)
                and not reading.governed(other)
            ):
                nearer._note_actor(reading, other)
        if mention.pronoun == "plural":
            nearest = self.several if self.several_at >= self.plural_at else self.plural
            return nearer.several or nearer.plural or nearest
        if mention.pronoun == "person" and reading.language in ("fr", "es"):  # where things are he and she as well
            return nearer.last or self.last
        found: Referents = getattr(nearer, mention.pronoun) or getattr(self, mention.pronoun)
        return found

    def all_of(self, reading: Reading, mentions: Iterable[Mention], speaker: Referents = NOBODY) -> Referents:
        """Whom the mentions stand for, each once."""
        found = {
            r.name: r for mention in reversed(list(mentions)) for r in reversed(self.who(reading, mention, speaker))
        }
        return tuple(reversed(found.values()))

    def _namesake(self, here: Referent, description: frozenset[str]) -> Referents:
        """Of several who bear the name, the one whose description is taken up: "Kim, the professor"."""
        if " " in here.name:
            return NOBODY
        surname = self._by_last_word.get(here.name.split()[0], set())
        bearers = (surname | self._by_first_word.get(here.name, set())) - {here.name}
        if len(bearers) < 2:
            return NOBODY
        offices = description & OFFICES
        found = [known.name for roles, known in self._roles if known.name in bearers and roles & offices]
        return (Referent(found[-1], here.sentence),) if found else NOBODY

    def _described(self, here: Referent) -> Referents:
        """The one that a description was given to or fits by its words, else the words themselves."""
        words = here.name.casefold().split()
        head = words[-1]
        proper = any(word[:1].isupper() for word in here.name.split())
        if _BOTH.fullmatch(here.name) and self.several:
            return self.several
        if proper and head not in ACTOR_NOUNS:
            return (here,)
        for roles, person in reversed(self._roles):
            if head in roles and set(words) <= roles | ADJECTIVES:
                return (person,)
        return (here,) if proper else self._body(head, longer_than=len(words)) or (here,)

    def _body(self, head: str, *, longer_than: int) -> Referents:
        """The body that a noun means: one with the noun in its name, one whose name tells such a body, the last one."""
        with_noun = reversed(self._by_word.get(head, []))
        if named := next((known for known in with_noun if len(known.name.split()) > longer_than), None):
            return (named,)
        if head not in _COMPANIES | _BODIES.keys():
            return NOBODY
        fitting = _BODIES.get(head, _COMPANY)
        found = next((known for known in reversed(self._names) if fitting.search(known.name)), None)
        return (found,) if found else self._body_named_last(head)

    def _body_named_last(self, head: str) -> Referents:
        """Of "the company" where no name tells one: the body that acted last."""
        if head not in _COMPANIES | _OF_ANY_NAME or not self.thing:
            return NOBODY
        name = self.thing[0].name
        surname = any(" " in known.name and known.name.split()[-1] == name for known in self._names)
        named = name[:1].isupper() and not surname and not state_named(name) and not _OTHER_BODY.search(name)
        return self.thing if named else NOBODY

    def _note_actor(self, reading: Reading, mention: Mention) -> None:
        """Keep a mention as what "he", "it" or "they" may stand for from now on."""
        head = mention.name.split()[-1].casefold()
        found = self.who(reading, mention)
        number = reading.sentence.number
        if len(found) != 1:
            self.several, self.several_at = found, number
            return
        self.last = found
        name = found[0].name
        full_name = mention.named and 1 < len(name.split()) <= 4 and not state_named(name) and not _BODY.search(name)
        if (
            head in PERSON_NOUNS
            or full_name
            or (mention.named and any(len(known.split()) > 1 for known in self._by_last_word.get(name, ())))
            or name in self._people
        ):
            self.person = found
        elif _PLURAL.search(head) and not mention.named:
            self.plural, self.plural_at = found, number
        else:
            self.thing = self.plural = found
            self.plural_at = number

    def go_on(self, reading: Reading, speaker: Referents) -> None:
        """Take in a sentence that was read: who is named in it, what they are said to be, and who acts."""
        number = reading.sentence.number
        for mention in reading.mentions:
            if not mention.pronoun and not reading.quoted(mention.first) and (mention.named or " " in mention.name):
                self._name(Referent(mention.name, number))
        for person, roles in reading.roles():
            self._roles.append((roles, Referent(person, number)))
            if roles & PERSON_NOUNS:
                self._people.add(person)
        for mention in _acting(reading):
            if not mention.pronoun:
                self._note_actor(reading, mention)
        self.speaker = speaker

    def _name(self, known: Referent) -> None:
        self._names.append(known)
        words = known.name.split()
        self._by_first_word.setdefault(words[0], set()).add(known.name)
        self._by_last_word.setdefault(words[-1], set()).add(known.name)
        for word in known.name.casefold().split():
            self._by_word.setdefault(word, []).append(known)

    def agreement(self, by: Referents, number: int) -> None:
        """Keep who agreed, in which sentence: what they undertake in those that follow is agreed as well."""
        self.several = self.agreed = by
        self.several_at = self._agreed_at = number

    def is_agreed(self, by: Referents, number: int) -> bool:
        """Whether an undertaking of theirs in that sentence is part of what was agreed before."""
        return bool(by) and _actors(by) <= _actors(self.agreed) and number - self._agreed_at <= _TERMS_FOLLOW


def _acting(reading: Reading) -> Sequence[Mention]:
    verbs = [verb for verb in reading.verbs if not reading.quoted(verb.place)]
    subjects = [mention for verb in verbs for mention in reading.subjects(verb.place, speech=True)]
    free = [m for m in reading.mentions if not reading.quoted(m.first) and not reading.governed(m)]
    return subjects or free[:1]


def _actors(referents: Referents) -> set[str]:
    """Who they are, states by their code: Luanda signs for Angola."""
    return {state_named(name) or name for name in names(referents)}


def names(referents: Referents) -> list[str]:
    """Their names."""
    return [r.name for r in referents]


def sentences(here: int, *referents: Referents) -> list[int]:
    """The sentence of an item, and those before it that say who is meant in it."""
    return sorted({here, *(r.sentence for group in referents for r in group)})
