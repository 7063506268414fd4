"""Who is named in a sentence: names, nouns that stand for actors, pronouns."""

from collections.abc import Iterator
from dataclasses import dataclass

from summariser.documents.document import Document, Sentence
from summariser.extraction.rules.function_words import (
    BEFORE_NAMES,
    BETWEEN,
    DETERMINERS,
    JOINERS,
    NOUNS_TOO,
    OFFICES,
    PREPOSITIONS,
    PRONOUNS,
    WHERE_SOMETHING_BEGINS,
)
from summariser.extraction.rules.verbs import ADJECTIVES, actor_nouns, verb_senses
from summariser.text import lexicon
from summariser.text.names import TITLES
from summariser.text.states import state_named, states_in
from summariser.text.tokens import is_content, tokenize


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens that name an actor or refer to one: `name` as it stands there, without article and title.

    `opens` is where its title begins, if it has one.
    """

    first: int
    end: int
    name: str
    pronoun: str = ""
    opens: int = -1

    @property
    def named(self) -> bool:
        """Whether it is a proper name."""
        return not self.pronoun and any(word[:1].isupper() for word in self.name.split())


class Naming:
    """One sentence as tokens, with the mentions of actors in it; `capitals` are the document's."""

    def __init__(self, document: Document, sentence: Sentence, capitals: frozenset[str]) -> None:
        self.sentence, self.language = sentence, document.language
        self._actors = actor_nouns(document.language)
        self._determiners = DETERMINERS.get(document.language or "", frozenset())
        self._pronouns = PRONOUNS.get(document.language or "", {})
        self.text = document.spoken(sentence)
        self.tokens = tokenize(self.text)
        self._capitals = capitals
        self.mentions = list(self._mentions())

    def _mentions(self) -> Iterator[Mention]:
        place = 0
        while place < len(self.tokens):
            if found := self._name(place) or self._noun(place) or self._pronoun(place):
                ends_small = not found.pronoun and not self.tokens[found.end - 1].capital
                title = ends_small and self._capital(found.end) and self._adjoins(found.end)
                if not title:
                    yield found
                place = found.end
            else:
                place += 1

    def _name(self, place: int) -> Mention | None:
        """A run of capitalised words, with small words between them; its titles are no part of the name."""
        if not self._capital(place):
            return None
        end = place + 1
        while end < len(self.tokens) and self._adjoins(end) and not self._singular_possessive(end - 1):
            if self._capital(end):
                end += 1
            elif self._joins(place, end):
                end += 2
            else:
                break
        if self._is_actor_noun(end) and self._adjoins(end) and not self._possessive(end - 1):
            end += not self.tokens[end].capital  # Gambian minister
        first = max((title + 1 for title in range(place, end - 1) if self._is_title(title)), default=place)
        if (end - first == 1 and len(self.tokens[first].norm) < 2) or self._only_people(first, end):
            return None
        return Mention(first, end, self.slice(first, end), opens=self._opening(place))

    def _opening(self, place: int) -> int:
        """Where the title before a name begins: "North Korean leader Kim"."""
        while place and self._adjoins(place):
            before = self.tokens[place - 1]
            near = (self.tokens[place - 1 : place], self.tokens[place - 2 : place], self.tokens[place - 1 : place + 1])
            people = before.capital and any(states_in(tokens) for tokens in near)
            if not people and before.norm not in TITLES - {"of"} | self._actors | ADJECTIVES | self._determiners:
                break
            place -= 1
        return place

    def _only_people(self, first: int, end: int) -> bool:
        """Whether the words name a state's people and no state: "Russian", "North Korean"."""
        found = states_in(self.tokens[first:end])
        return bool(found) and found[0][1:] == (0, end - first, False)

    def _singular_possessive(self, place: int) -> bool:
        end = self.tokens[place].end
        return self.text[end : end + 2] in ("’s", "'s")

    def _is_title(self, place: int) -> bool:
        """Whether the word tells what somebody is, before the name."""
        norm = self.tokens[place].norm
        following = self.tokens[place + 1]
        if not following.capital or not self._adjoins(place + 1):
            return False
        of_state = norm == "state" and place > 1 and self.tokens[place - 1].norm == "of"
        return norm in BEFORE_NAMES or of_state

    def _joins(self, first: int, place: int) -> bool:
        """Whether a small word stands between two words of one name: not that of a person "of" somewhere."""
        token = self.tokens[place]
        if token.norm == "of":
            words = {each.norm for each in self.tokens[first:place]} - TITLES - OFFICES
            if len(words) > 1 and not words & self._actors:
                return False
        return (
            (token.norm in JOINERS and (token.norm != "and" or self._possessive(place - 1)))
            and not token.capital
            and place + 1 < len(self.tokens)
            and self._adjoins(place + 1)
            and self._capital(place + 1)
        )

    def _capital(self, place: int) -> bool:
        if place >= len(self.tokens):
            return False
        token = self.tokens[place]
        if not token.capital or not token.norm[0].isalpha() or token.norm in lexicon.MONTHS | lexicon.WEEKDAYS:
            return False
        shouted = self.text[token.start : token.end].isupper() and token.end - token.start > 1
        if token.norm in self._determiners | self._pronouns.keys() and not shouted:
            return False
        begins = place == 0 or self.text[: token.start].rstrip()[-1:] in WHERE_SOMETHING_BEGINS
        if not begins or token.norm in self._capitals or state_named(token.norm):
            return shouted or not (begins and token.norm in lexicon.function_words(self.language))
        known = token.norm in lexicon.function_words(self.language) or token.norm in lexicon.prepositions(self.language)
        named = self._follows_capital(place) or self._is_office_of(place) or self._is_apposed(place)
        return named and not known

    def _is_apposed(self, place: int) -> bool:
        """Whether an apposition that tells an actor follows the word: "Canaplar, the association of producers,"."""
        if place + 2 >= len(self.tokens) or self.tokens[place + 1].before != ", ":
            return False
        after = self.tokens[place + 1 : place + 6]
        return after[0].norm in self._determiners and any(t.norm in self._actors for t in after[1:])

    def _is_office_of(self, place: int) -> bool:
        """Whether an office or a body begins here that is named with "of": "Secretary of State"."""
        following = self.tokens[place + 1 : place + 3]
        named = len(following) == 2 and following[0].norm == "of" and following[1].capital
        return named and self.tokens[place].norm in self._actors | TITLES

    def _follows_capital(self, place: int) -> bool:
        return place + 1 < len(self.tokens) and self.tokens[place + 1].capital and self._adjoins(place + 1)

    def _noun(self, place: int) -> Mention | None:
        """A common noun that may stand for an actor, with what stands between it and its article."""
        opens = self.tokens[place].norm in self._determiners
        first = place + opens
        for end in range(first, min(first + (4 if opens else 3), len(self.tokens))):
            token = self.tokens[end]
            if end > place and not self._adjoins(end):
                return None
            if opens and end == first and self._counts_actors(end):
                return Mention(first, end + 1, self.slice(first, end + 1))
            if token.norm in self._actors and not (token.capital and end):
                last = end
                while self._is_actor_noun(last + 1) and self._adjoins(last + 1) and not self._possessive(last):
                    last += 1
                last += self._possessive(last) and self._is_actor_noun(last + 1)  # residents' committee
                return Mention(first, last + 1, self.slice(first, last + 1))
            fits = token.norm in ADJECTIVES or token.is_number or (opens and is_content(token, self.language))
            if not fits or (opens and token.norm in verb_senses(self.language)):
                return None
        return None

    def _counts_actors(self, place: int) -> bool:
        """Whether a number stands for those who were named: "the four agreed"."""
        following = self.tokens[place + 1].norm if place + 1 < len(self.tokens) else ""
        acts = following in BETWEEN or (following in verb_senses(self.language) and following not in NOUNS_TOO)
        return self.tokens[place].norm in ("two", "three", "four", "five", "six") and acts

    def _is_actor_noun(self, place: int) -> bool:
        return place < len(self.tokens) and self.tokens[place].norm in self._actors

    def _pronoun(self, place: int) -> Mention | None:
        norm = self.tokens[place].norm
        kind = self._pronouns.get(norm)
        return Mention(place, place + 1, norm, kind) if kind else None

    def possesses(self, mention: Mention) -> bool:
        """Whether a possessive ending follows the mention."""
        return self._possessive(mention.end - 1)

    def adjoining(self, place: int) -> bool:
        """Whether nothing but white space, a hyphen or an apostrophe stands before the token."""
        return place < len(self.tokens) and self._adjoins(place)

    def _adjoins(self, place: int) -> bool:
        """Whether only white space, a hyphen or an apostrophe stands before the token."""
        return self.text[self.tokens[place - 1].end : self.tokens[place].start].strip() in ("", "-", "’", "'", "&")

    def _possessive(self, place: int) -> bool:
        end = self.tokens[place].end
        return self.text[end : end + 2] in ("’s", "'s", "’ ", "' ")

    def slice(self, first: int, end: int) -> str:
        """The source's characters from one token to before another."""
        if first >= end or first >= len(self.tokens):
            return ""
        return self.text[self.tokens[first].start : self.tokens[min(end, len(self.tokens)) - 1].end]

    def roles(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Names with the words that say what they are: an office before it, or what follows between commas."""
        for mention in self.mentions:
            if not mention.named:
                continue
            if (title := self._title_of(mention)) & OFFICES and " " in mention.name:
                yield mention.name, title
            if (description := self.description_of(mention)) & (OFFICES | self._actors):
                yield mention.name, description

    def _title_of(self, mention: Mention) -> frozenset[str]:
        first = mention.first
        ends = self._determiners | PREPOSITIONS
        while first and self._adjoins(first) and self.tokens[first - 1].norm not in ends and mention.first - first < 4:
            first -= 1
        described = next((m.first for m in self.mentions if m.end == mention.first and not m.named), first)
        return frozenset(token.norm for token in self.tokens[min(first, described) : mention.first])

    def description_of(self, mention: Mention) -> frozenset[str]:
        """The words between commas after a name; none where it has no such words."""
        after = self.tokens[mention.end : mention.end + 8]
        if not after or "," not in after[0].before:
            return frozenset()
        closes = next((place for place, token in enumerate(after) if place and "," in token.before), len(after))
        return frozenset(token.norm for token in after[:closes])


def capitals(document: Document) -> frozenset[str]:
    """The words that the text writes with a capital where nothing begins: names, also at a sentence's beginning."""
    found: set[str] = set()
    for sentence in document.content:
        if sentence.text == document.title:
            continue
        for token in tokenize(sentence.text)[1:]:
            if token.capital and sentence.text[: token.start].rstrip()[-1:] not in WHERE_SOMETHING_BEGINS:
                found.add(token.norm)
    return frozenset(found)
