"""What the words of a sentence say: what is quoted, which verbs tell of what, who does it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summariser.documents.document import Document, Sentence
from summariser.extraction.rules.function_words import (
    ASIDES,
    AUXILIARIES,
    BETWEEN,
    CUTS,
    HAVING,
    NO_VERB_AFTER,
    NOMINATIVE,
    NOUNS_IN_ING,
    NOUNS_TOO,
    OPENING_CLAUSES,
    OPENING_NOUNS,
    PASSIVE,
    PLACING,
    PREPOSITIONS,
    QUOTES,
    RELATIVE,
    STATES_OF_MIND,
    WITH_PERSON,
)
from summariser.extraction.rules.mentions import Mention, Naming, capitals
from summariser.extraction.rules.verbs import ADJECTIVES, AUTHORITIES, GIVING, WORDS_GIVEN, VerbSense, verb_senses
from summariser.text.names import TITLES
from summariser.text.tokens import is_content


@dataclass(frozen=True, slots=True)
class Verb:
    """A cue in a sentence: its first token and the end of the words that belong to it."""

    place: int
    end: int
    cue: VerbSense


class Reading(Naming):
    """One sentence as tokens, quotations, mentions and cues."""

    def __init__(self, document: Document, sentence: Sentence, capitals: frozenset[str]) -> None:
        super().__init__(document, sentence, capitals)
        self.quotes = [match.span() for match in QUOTES.finditer(self.text)]
        self._asides = [match.span() for match in ASIDES.finditer(self.text)]
        self.verbs = list(self._verbs())

    # ── what is said ─────────────────────────────────────────────────────────────────────────────

    def _verbs(self) -> Iterator[Verb]:
        table = verb_senses(self.language)
        for place, token in enumerate(self.tokens):
            if token.norm in GIVING and (noun := self._word_given(place)) and self._is_verb(place):
                yield Verb(place, noun[0], VerbSense("commitment", noun[1]))
            for cue in table.get(token.norm, ()):
                following = tuple(t.norm for t in self.tokens[place + 1 : place + 1 + len(cue.follows)])
                if following == cue.follows and self._is_verb(place):
                    yield Verb(place, place + 1 + len(cue.follows), cue)

    def _word_given(self, place: int) -> tuple[int, str] | None:
        """Of "repeated its promise", "put 9% on the table", a court's "told X to": where it ends and what it gives."""
        if self.language != "en":
            return None
        norm, after = self.tokens[place].norm, [t.norm for t in self.tokens[place + 1 : place + 12]]
        if norm in ("put", "puts", "laid", "lays"):
            on = next((i for i in range(1, len(after) - 2) if after[i : i + 3] == ["on", "the", "table"]), None)
            return (place + 1, "proposed") if on else None
        if norm in ("told", "tells"):
            rules = any(m.end == place and AUTHORITIES.search(m.name) for m in self.mentions)
            addressed = next((m.end for m in self.mentions if m.first in (place + 1, place + 2)), None)
            return (
                (addressed, "decided") if rules and addressed and self.slice(addressed, addressed + 1) == "to" else None
            )
        for size in (1, 2):
            if len(after) > size and after[size] in WORDS_GIVEN and after[size - 1] in self._determiners | ADJECTIVES:
                return place + size + 2, WORDS_GIVEN[after[size]]
        return None

    def _is_verb(self, place: int) -> bool:
        """Whether the word can be a verb here: no article, adjective or preposition before it."""
        if self.language != "en":
            return True
        token = self.tokens[place]
        before = self.tokens[place - 1].norm if place and not token.after_break else ""
        shouted = token.capital and place and not token.after_break
        if (
            before in self._determiners | ADJECTIVES | NO_VERB_AFTER
            or shouted
            or (place and self._possessive(place - 1))
        ):
            return False
        if token.norm.endswith("ing"):
            return before in PASSIVE | {"while", "after", "before"} or token.after_break
        if token.norm not in NOUNS_TOO:
            return True
        return any(m.end <= place and self._leads_to(m.end, place) and not self.governed(m) for m in self.mentions)

    def relative(self, place: int) -> bool:
        """Whether the token stands in a relative clause: "resolutions that Russia has supported"."""
        subject = next(
            (m.first for m in reversed(self.mentions) if m.end <= place and self._leads_to(m.end, place)), place
        )
        while subject and self.tokens[subject - 1].norm in self._determiners - {"that"}:
            subject -= 1
        if not subject or self.tokens[subject - 1].norm not in RELATIVE or self.aside(place):
            return False
        if any(token.norm in WITH_PERSON for token in self.tokens[max(0, subject - 5) : subject - 1]):
            return False  # told Veld that it would pay
        before = self.tokens[subject - 2].norm if subject > 1 else ""
        return before not in verb_senses(self.language) and before not in (
            "is",
            "was",
            "know",
            "knows",
            "clear",
            "and",
            "but",
        )

    def quoted(self, place: int) -> bool:
        """Whether the token stands in direct speech."""
        at = self.tokens[place].start
        return any(start <= at < end for start, end in self.quotes)

    def aside(self, place: int) -> bool:
        """Whether the token stands in a parenthesis or a relative clause between commas."""
        at = self.tokens[place].start
        return any(start <= at < end for start, end in self._asides)

    # ── who does it ──────────────────────────────────────────────────────────────────────────────

    def subjects(self, verb: int, *, speech: bool = False) -> list[Mention]:
        """Who does what the verb at that place says: several where they are joined by "and".

        With `speech` the subject may also follow: "..., said Kim".
        """
        if speech and (inverted := self._inverted_subject(verb)):
            return [inverted]
        if agent := self._agent(verb):
            return self._joined(agent)
        if antecedent := self._antecedent(verb):
            return [antecedent]
        fit = [
            mention
            for mention in self.mentions
            if mention.end <= verb
            and (self.quoted(mention.first) == self.quoted(verb) or self._goes_on_in_quotation(mention, verb))
            and (not self.aside(mention.first) or self.aside(verb))
            and not self.governed(mention)
            and not self._possessive(mention.end - 1)
        ]
        fit = [m for m in fit if not self.clause_between(m.end, verb)] or fit
        if not fit:
            return []
        leading = [m for m in fit if self._leads_to(m.end, verb)]
        if not leading and (shared := self._shared_subject(verb, fit)):
            return self._joined(shared)
        return [self._in_apposition(m) for m in self._joined((leading or fit[:1])[-1])]

    def _inverted_subject(self, verb: int) -> Mention | None:
        """Who stands right after a verb of saying that follows the words said."""
        begins = (
            verb - 1 if verb and self.tokens[verb - 1].norm in ("a", "ont", "ha", "han") else verb
        )  # a dit, ha dicho
        if self.text[: self.tokens[begins].start].rstrip()[-1:] not in tuple(',”»"?!'):
            return None
        if any(m.end == verb and not self.quoted(m.first) for m in self.mentions):
            return None
        after = next((m for m in self.mentions if verb < m.first <= verb + 4), None)
        small = TITLES | self._determiners | ADJECTIVES | {"yesterday", "on"}
        if after and all(self.tokens[place].norm in small for place in range(verb + 1, after.first)):
            return after
        return None

    def _in_apposition(self, mention: Mention) -> Mention:
        """The person's name that follows a description between commas: "its chairman, Colin Yelland, ..."."""
        following = next((m for m in self.mentions if m.first == mention.end), None)
        if mention.named and len(mention.name.split()) > 1 and mention.name.split()[-1][:1].isupper():
            return mention
        if following and following.named and self.text[self.tokens[mention.end - 1].end :].startswith(", "):
            return following if len(following.name.split()) > 1 else mention
        return mention

    def _antecedent(self, verb: int) -> Mention | None:
        """Who does what a relative clause after a comma tells: "the Bureau, which has welcomed it"."""
        for place in range(verb - 1, max(0, verb - 4), -1):
            token = self.tokens[place]
            if token.norm in RELATIVE and "," in token.before and self._leads_to(place + 1, verb):
                return next((m for m in self.mentions if m.end == place and not m.pronoun), None)
        return None

    def _shared_subject(self, verb: int, fit: Sequence[Mention]) -> Mention | None:
        """Of "said the company was disappointed and would appeal", the subject of the clause before the "and"."""
        if not verb or self.tokens[verb - 1].norm not in ("and", "but"):
            return None
        return next((m for m in reversed(fit) if self._is_followed_by_verb(m.end)), None)

    def _is_followed_by_verb(self, place: int) -> bool:
        if place >= len(self.tokens) or self.tokens[place].after_break:
            return False
        norm = self.tokens[place].norm
        return norm in AUXILIARIES or norm in verb_senses(self.language) or norm.endswith("ed")

    def _goes_on_in_quotation(self, mention: Mention, verb: int) -> bool:
        """Whether the verb begins a quotation right after the mention: the minister “will not sign”."""
        at, end = self.tokens[verb].start, self.tokens[mention.end - 1].end
        begins = next((start for start, stop in self.quotes if start <= at < stop), None)
        return begins is not None and end <= begins and self._leads_to(mention.end, verb)

    def _agent(self, verb: int) -> Mention | None:
        """Who does what is told in the passive: after "by"."""
        before = {t.norm for t in self.tokens[max(0, verb - 3) : verb]}
        if not before & PASSIVE:
            return None
        for place in range(verb + 1, min(verb + 8, len(self.tokens))):
            if self.tokens[place].norm == "by":
                return next((m for m in self.mentions if place < m.first <= place + 3), None)
        return None

    def undergone(self, place: int) -> bool:
        """Whether the verb tells what the subject's own thing meets with: "had a goal ruled out"."""
        before = self.tokens[max(0, place - 6) : place]
        within = self.tokens[place : place + 1] + before[::-1]
        unbroken = next((i for i, token in enumerate(within) if token.after_break), len(within))
        having = [i for i, token in enumerate(before[:-2]) if token.norm in HAVING and i >= len(before) - unbroken]
        opened = any(before[i + 1].norm in OPENING_NOUNS or before[i + 1].is_number for i in having)
        return self.language == "en" and opened

    def suffered(self, verb: Verb) -> bool:
        """Whether the verb is told of whom it happens to, and nobody is named who does it: "has been fined"."""
        before = [t.norm for t in self.tokens[max(0, verb.place - 2) : verb.place] if not t.norm.endswith("ly")]
        norm = self.tokens[verb.place].norm
        if self.tokens[verb.place].after_break:
            return False
        passive = before[-1:] and before[-1] in PASSIVE and not norm.endswith("ing") and norm not in STATES_OF_MIND
        return bool(passive) and self.language == "en" and self._agent(verb.place) is None

    def governed(self, mention: Mention) -> bool:
        """Whether a preposition stands before the mention, so that it is no subject."""
        return mention.name.casefold() not in NOMINATIVE and self.preposition(mention) in PREPOSITIONS

    def placed(self, mention: Mention) -> bool:
        """Whether the mention is told as a place: "at Kim Il Sung Square"."""
        return self.preposition(mention) in PLACING

    def preposition(self, mention: Mention) -> str:
        """The word before the mention and what belongs to it; "" where a clause begins there."""
        before = (mention.first if mention.opens < 0 else mention.opens) - 1
        small = (self._determiners | ((ADJECTIVES | TITLES) - PREPOSITIONS)) - {"that"}
        while before >= 0 and self.tokens[before].norm in small:
            before -= 1
        if before < 0 or self.tokens[before + 1].after_break:
            return ""
        norm = self.tokens[before].norm
        object_of_verb = norm in WITH_PERSON or (norm.endswith("ing") and norm not in NOUNS_IN_ING)
        return "of" if object_of_verb and self.language == "en" else norm

    def goes_on(self, mention: Mention) -> bool:
        """Whether the noun phrase goes on behind the name, which then only describes: "the Asia-Pacific region"."""
        if mention.end >= len(self.tokens) or not mention.named or not self._adjoins(mention.end):
            return False
        return is_content(self.tokens[mention.end], self.language) and not self._possessive(mention.end - 1)

    def clause_between(self, start: int, end: int) -> bool:
        """Whether another clause with a subject of its own begins between two places."""
        opening = (place for place in range(start, end) if self.tokens[place].norm in OPENING_CLAUSES)
        return any(place < mention.first < end for place in opening for mention in self.mentions)

    def led(self, verb: int) -> bool:
        """Whether an actor stands right before the verb."""
        return any(m.end <= verb and self._leads_to(m.end, verb) for m in self.mentions)

    def has_subject(self, verb: int) -> bool:
        """Whether a subject stands right before the verb, or what does is no actor but the verb is passive."""
        passive = any(token.norm == "be" for token in self.tokens[verb + 1 : verb + 4])
        shares = bool(verb) and self.tokens[verb - 1].norm in ("and", "but") and bool(self.subjects(verb))
        return passive or self.led(verb) or shares

    def _leads_to(self, place: int, verb: int) -> bool:
        """Whether only auxiliaries and adverbs, or what stands between commas, separates a mention from its verb."""
        while place < verb:
            norm = self.tokens[place].norm
            if norm in BETWEEN or norm.endswith("ly") or self.aside(place):
                place += 1
            else:
                return False
        return True

    def _joined(self, last: Mention) -> list[Mention]:
        """The mention with those that "and" joins to it: "A, B and C"."""
        found = [last]
        for other in reversed([m for m in self.mentions if m.end <= last.first]):
            opens = found[0].first if found[0].opens < 0 else found[0].opens
            between = self.text[self.tokens[other.end - 1].end : self.tokens[opens].start].strip()
            listed = len(found) > 1 and re.fullmatch(r",(?: the)?", between)
            if not listed and not re.fullmatch(r",? ?(?:and|et|y|und)(?: the| its| le| la| les)?", between):
                break
            found.insert(0, other)
        return [last] if found[0].pronoun else found

    def object(self, end: int, subject: str = "") -> str:
        """What follows a verb that ends there, to the end of its noun phrase; `subject` is what "it" stands for."""
        rest = self.text[self.tokens[min(end, len(self.tokens)) - 1].end :]
        if quoted := re.match(r'\s*(?:as )?[“"«]\s*([^“”"«»]+)', rest):
            return quoted.group(1).strip(" ,.")
        match = re.match(
            r'\s*(?:that |of |to |for |about |against |as |on |over )?((?:[^,;:.“”"]|(?<=\d)[.,](?=\d))+)', rest
        )
        words = match.group(1).split() if match else []
        if words[:1] in (["it"], ["them"], ["this"]) and (len(words) == 1 or words[1] in CUTS):
            return subject
        cut = next((place for place, word in enumerate(words) if place and word.casefold() in CUTS), len(words))
        return " ".join(words[:cut][:14])

    def clause(self, first: int, verb_end: int) -> str:
        """The words from a place to the end of the clause that the verb governs."""
        end = verb_end
        while end < len(self.tokens):
            token = self.tokens[end]
            strong = any(mark in token.before for mark in ";:—–")
            opens = token.after_break and token.norm in OPENING_CLAUSES | {"and", "who", "which"}
            if not self.quoted(end) and (strong or (opens and end > verb_end + 2)):
                break
            end += 1
        return _tidy(self.slice(first, end))


def _tidy(text: str) -> str:
    """On one line, without a comma at its end, and with the quotation closed that was cut off behind its last word."""
    text = " ".join(text.split()).strip(" ,;:")
    for opening, closing in (("“", "”"), ("«", " »")):
        if text.count(opening) > text.count(closing.strip()):
            text += closing
    return text


@lru_cache(maxsize=32)  # linking, proposing and coverage read the same document
def readings(document: Document) -> tuple[Reading, ...]:
    """Every content sentence, read."""
    known = capitals(document)
    return tuple(Reading(document, sentence, known) for sentence in document.content)
