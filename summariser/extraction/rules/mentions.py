"""The mentions of actors in a sentence: names, nouns for actors, pronouns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from summariser.documents import Document, Sentence
from summariser.extraction.rules.function_words import (
    ABBREVIATIONS,
    BEFORE_NAMES,
    BETWEEN,
    DETERMINERS,
    JOINERS,
    NOUNS_TOO,
    OFFICES,
    OPENING_CLAUSES,
    PREPOSITIONS,
    PRONOUNS,
    WHERE_SOMETHING_BEGINS,
)
from summariser.extraction.rules.verbs import ADJECTIVES, actor_nouns, verb_senses
from summariser.text import TITLES, Token, is_content, lexicon, state_named, states_in, tokenize


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens that name an actor or refer to one.

    Attributes:
        first: The place of the first token in the sentence.
        end: The place after the last token.
        name: The words as they stand there, without article and title.
        pronoun: The type of a pronoun ("person", "thing", "plural", "own"); empty if it is not a pronoun.
        opens: The place at which the title before the name begins; -1 if there is no title.
    """

    first: int
    end: int
    name: str
    pronoun: str = ""
    opens: int = -1

    @property
    def named(self) -> bool:
        """Return True if it is a proper name."""
        return not self.pronoun and any(word[:1].isupper() for word in self.name.split())


class Naming:
    """One sentence as tokens, with its mentions of actors.

    Args:
        document: The document.
        sentence: The sentence.
        capitals: The words that the document writes with a capital within sentences.
    """

    def __init__(self, document: Document, sentence: Sentence, capitals: frozenset[str]) -> None:
        self.sentence, self.language = sentence, document.language
        self.actors = actor_nouns(document.language)
        self.determiners = DETERMINERS.get(document.language or "", frozenset())
        self.pronouns = PRONOUNS.get(document.language or "", {})
        self.text = document.spoken(sentence)
        self.tokens = tokenize(self.text)
        self.capitals = capitals
        self.mentions = list(self._mentions())

    def norms(self, first: int = 0, end: int | None = None) -> list[str]:
        """Return the words from one place to before another; all words without places."""
        return [token.norm for token in self.tokens[max(0, first) : end]]

    def slice(self, first: int, end: int) -> str:
        """Return the source's characters from one token to before another."""
        if first >= end or first >= len(self.tokens):
            return ""
        return self.text[self.tokens[first].start : self.tokens[min(end, len(self.tokens)) - 1].end]

    def _mentions(self) -> Iterator[Mention]:
        place = 0
        while place < len(self.tokens):
            found = self._name(place) or self._noun(place) or self._pronoun(place)
            if found and not self._is_title_of_name(found):
                yield found
            place = found.end if found else place + 1

    def _is_title_of_name(self, mention: Mention) -> bool:
        """Return True if a noun stands right before a name: "prime minister" of "prime minister Ana Belmar"."""
        noun = not mention.pronoun and not self.tokens[mention.end - 1].capital
        return noun and self.is_name(mention.end) and self.adjoins(mention.end)

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    def _name(self, place: int) -> Mention | None:
        """Find a run of capitalised words with small words between them; titles are not part of the name."""
        if not self.is_name(place):
            return None
        end = self._end_of_name(place)
        first = max((title + 1 for title in range(place, end - 1) if self._is_title(title)), default=place)
        if (end - first == 1 and len(self.tokens[first].norm) < 2) or self._only_people(first, end):
            return None
        return Mention(first, end, self.slice(first, end), opens=self._opening(place))

    def _end_of_name(self, place: int) -> int:
        """Return where a name ends that begins at that place, with a noun for an actor that it qualifies."""
        end = place + 1
        while end < len(self.tokens) and self.adjoins(end) and not self._singular_possessive(end - 1):
            if self.is_name(end):
                end += 1
            elif self._joins(place, end):
                end += 2
            else:
                break
        qualifies = self._is_actor_noun(end) and self.adjoins(end) and not self.is_possessive(end - 1)
        return end + (qualifies and not self.tokens[end].capital)  # Gambian minister

    def _opening(self, place: int) -> int:
        """Return where the title before a name begins: "North Korean leader Kim"."""
        while place and self.adjoins(place):
            before = self.tokens[place - 1]
            near = (self.tokens[place - 1 : place], self.tokens[place - 2 : place], self.tokens[place - 1 : place + 1])
            people = before.capital and any(states_in(tokens) for tokens in near)
            if not people and before.norm not in TITLES - {"of"} | self.actors | ADJECTIVES | self.determiners:
                break
            place -= 1
        return place

    def _only_people(self, first: int, end: int) -> bool:
        """Return True if the words name a state's people and no state: "Russian", "North Korean"."""
        found = states_in(self.tokens[first:end])
        return bool(found) and found[0][1:] == (0, end - first, False)

    def _is_title(self, place: int) -> bool:
        """Return True if the word is a title before the name."""
        norm = self.tokens[place].norm
        following = self.tokens[place + 1]
        if not following.capital or not self.adjoins(place + 1):
            return False
        of_state = norm == "state" and place > 1 and self.tokens[place - 1].norm == "of"
        return norm in BEFORE_NAMES or of_state

    def _joins(self, first: int, place: int) -> bool:
        """Return True if a small word joins two words of one name; the "of" after a person's name does not."""
        token = self.tokens[place]
        if place + 1 < len(self.tokens) and token.before == self.tokens[place + 1].before == "-":
            return self.is_name(place + 1)  # Ostrava-on-Sea
        if token.norm == "of":
            words = {*self.norms(first, place)} - TITLES - OFFICES
            if len(words) > 1 and not words & self.actors:
                return False
        return (
            (token.norm in JOINERS and (token.norm != "and" or self.is_possessive(place - 1)))
            and not token.capital
            and place + 1 < len(self.tokens)
            and self.adjoins(place + 1)
            and self.is_name(place + 1)
        )

    def is_name(self, place: int) -> bool:
        """Return True if the word at that place is a name or a part of one."""
        if place >= len(self.tokens) or not self.tokens[place].capital or not self.tokens[place].norm[0].isalpha():
            return False
        word = NameCandidate(self, place)
        return next((answer for answer, applies in NAMES if applies(word)), False)

    # ── nouns and pronouns ───────────────────────────────────────────────────────────────────────

    def _noun(self, place: int) -> Mention | None:
        """Find a common noun for an actor, with the words between it and its article."""
        determined = self.tokens[place].norm in self.determiners
        first = place + determined
        for end in range(first, min(first + (4 if determined else 3), len(self.tokens))):
            if end > place and not self.adjoins(end):
                return None
            if determined and end == first and self._counts_actors(end):
                return Mention(first, end + 1, self.slice(first, end + 1))
            if self.tokens[end].norm in self.actors and not (self.tokens[end].capital and end):
                last = self._end_of_compound(end)
                return Mention(first, last, self.slice(first, last))
            if not self._modifies(end, determined):
                return None
        return None

    def _end_of_compound(self, place: int) -> int:
        """Return where a compound of nouns for actors ends, a possessive among them: "residents' committee"."""
        while self._is_actor_noun(place + 1) and self.adjoins(place + 1) and not self.is_possessive(place):
            place += 1
        return place + 1 + (self.is_possessive(place) and self._is_actor_noun(place + 1))

    def _modifies(self, place: int, determined: bool) -> bool:
        """Return True if the word may stand before a noun: after an article any content word except a verb."""
        token = self.tokens[place]
        if determined and token.norm in verb_senses(self.language):
            return False
        return token.norm in ADJECTIVES or token.is_number or (determined and is_content(token, self.language))

    def _counts_actors(self, place: int) -> bool:
        """Return True if a number refers to the actors named before: "the four agreed"."""
        following = self.tokens[place + 1].norm if place + 1 < len(self.tokens) else ""
        acts = following in BETWEEN or (following in verb_senses(self.language) and following not in NOUNS_TOO)
        return self.tokens[place].norm in ("two", "three", "four", "five", "six") and acts

    def _is_actor_noun(self, place: int) -> bool:
        return place < len(self.tokens) and self.tokens[place].norm in self.actors

    def _pronoun(self, place: int) -> Mention | None:
        norm = self.tokens[place].norm
        kind = self.pronouns.get(norm)
        return Mention(place, place + 1, norm, kind) if kind else None

    # ── marks ────────────────────────────────────────────────────────────────────────────────────

    def adjoins(self, place: int) -> bool:
        """Return True if only white space, a hyphen or an apostrophe stands before the token."""
        if place >= len(self.tokens):
            return False
        between = self.text[self.tokens[place - 1].end : self.tokens[place].start].strip()
        return between in ("", "-", "’", "'", "&") or (between == "." and self._is_abbreviation(place - 1))

    def _is_abbreviation(self, place: int) -> bool:
        """Return True if a full stop after the word marks an abbreviation before a name: "Mr.", "Ana E. Belmar"."""
        token = self.tokens[place]
        return token.capital and (len(token.norm) == 1 or token.norm in ABBREVIATIONS)

    def possesses(self, mention: Mention) -> bool:
        """Return True if a possessive ending follows the mention; after a pronoun it is a verb: "he's"."""
        return not mention.pronoun and self.is_possessive(mention.end - 1)

    def is_possessive(self, place: int) -> bool:
        """Return True if a possessive ending, of a singular or a plural, follows the token."""
        end = self.tokens[place].end
        return self.text[end : end + 2] in ("’s", "'s", "’ ", "' ")

    def _singular_possessive(self, place: int) -> bool:
        end = self.tokens[place].end
        return self.text[end : end + 2] in ("’s", "'s")

    # ── descriptions ─────────────────────────────────────────────────────────────────────────────

    def roles(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield names with the words of an office before them, or of a description between commas after them."""
        for mention in self.mentions:
            if not mention.named:
                continue
            if (title := self._title_of(mention)) & OFFICES and " " in mention.name:
                yield mention.name, title
            if (description := self.description_of(mention)) & (OFFICES | self.actors):
                yield mention.name, description

    def _title_of(self, mention: Mention) -> frozenset[str]:
        first = mention.first
        while first and self.adjoins(first) and mention.first - first < 4:
            if self.tokens[first - 1].norm in self.determiners or self.tokens[first - 1].norm in PREPOSITIONS:
                break
            first -= 1
        described = next((m.first for m in self.mentions if m.end == mention.first and not m.named), first)
        return frozenset(self.norms(min(first, described), mention.first))

    def description_of(self, mention: Mention) -> frozenset[str]:
        """Return the words between commas after a name; none if there are no such words."""
        after = self.tokens[mention.end : mention.end + 8]
        if not after or "," not in after[0].before:
            return frozenset()
        closes = next((place for place, token in enumerate(after) if place and "," in token.before), len(after))
        return frozenset(token.norm for token in after[:closes])


# ── capitalised words ────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class NameCandidate:
    """A word with a capital, which may be a name or a part of one."""

    naming: Naming
    place: int

    @cached_property
    def token(self) -> Token:
        """The word's token."""
        return self.naming.tokens[self.place]

    @cached_property
    def begins(self) -> bool:
        """True if a sentence, title or quotation begins here, so that any word has a capital."""
        before = self.naming.text[: self.token.start].rstrip()[-1:]
        return self.place == 0 or (before in WHERE_SOMETHING_BEGINS and not self.naming.adjoins(self.place))

    @cached_property
    def known(self) -> bool:
        """True if the capital marks a name: no sentence or clause begins here, or the word is a name elsewhere."""
        return not self.begins or self.token.norm in self.naming.capitals or bool(state_named(self.token.norm))

    @cached_property
    def shouted(self) -> bool:
        """True if all its letters are capitals: "US"."""
        word = self.naming.text[self.token.start : self.token.end]
        return word.isupper() and len(word) > 1

    def after(self, count: int) -> list[Token]:
        """Return the next tokens."""
        return self.naming.tokens[self.place + 1 : self.place + 1 + count]


def month_or_weekday(word: NameCandidate) -> bool:
    """Return True if it is the name of a month or weekday."""
    return word.token.norm in lexicon.MONTHS or word.token.norm in lexicon.WEEKDAYS


def determiner_or_pronoun(word: NameCandidate) -> bool:
    """Return True if it is a determiner or pronoun."""
    norm = word.token.norm
    return not word.shouted and (norm in word.naming.determiners or norm in word.naming.pronouns)


def abbreviation(word: NameCandidate) -> bool:
    """Return True if it is a name in capitals."""
    return word.known and word.shouted


def opening_function_word(word: NameCandidate) -> bool:
    """Return True if it is a function word at such a beginning."""
    return word.begins and word.token.norm in lexicon.function_words(word.naming.language)


def known_name(word: NameCandidate) -> bool:
    """Return True if its capital marks a name."""
    return word.known


def opening_preposition(word: NameCandidate) -> bool:
    """Return True if it is a preposition or a word that opens a clause at such a beginning."""
    return word.token.norm in lexicon.prepositions(word.naming.language) | OPENING_CLAUSES


def name_goes_on(word: NameCandidate) -> bool:
    """Return True if another word with a capital follows."""
    return any(token.capital for token in word.after(1)) and word.naming.adjoins(word.place + 1)


def office_with_of(word: NameCandidate) -> bool:
    """Return True if it is an office or a body that is named with "of": "Secretary of State"."""
    following = word.after(2)
    named = len(following) == 2 and following[0].norm == "of" and following[1].capital
    return named and word.token.norm in word.naming.actors | TITLES


def name_with_apposition(word: NameCandidate) -> bool:
    """Return True if an apposition with a noun for an actor follows: "Canaplar, the association of producers,"."""
    after = word.after(5)
    if len(after) < 2 or after[0].before != ", ":
        return False
    return after[0].norm in word.naming.determiners and any(t.norm in word.naming.actors for t in after[1:])


NAMES: tuple[tuple[bool, Callable[[NameCandidate], bool]], ...] = (
    (False, month_or_weekday),
    (False, determiner_or_pronoun),
    (True, abbreviation),
    (False, opening_function_word),
    (True, known_name),
    (False, opening_preposition),
    (True, name_goes_on),
    (True, office_with_of),
    (True, name_with_apposition),
)
"""Rules that decide whether a capitalised word is a name, each with its answer; the first that applies decides."""


def capitals(document: Document) -> frozenset[str]:
    """Return the words that the text writes with a capital within sentences, which are names.

    Args:
        document: The document.
    """
    found: set[str] = set()
    for sentence in document.content:
        if sentence.text == document.title:
            continue
        for token in tokenize(sentence.text)[1:]:
            if token.capital and sentence.text[: token.start].rstrip()[-1:] not in WHERE_SOMETHING_BEGINS:
                found.add(token.norm)
    return frozenset(found)
