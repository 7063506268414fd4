"""The syntax of a sentence: quotations, verbs, subjects and objects.

Each table holds rules in the order in which they are tried; the first that applies decides.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summariser.documents import Document, Sentence
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
from summariser.text import TITLES, Token, is_content

_BEFORE_THAT_CLAUSE = frozenset("is was know knows clear and but".split())
_SPEECH_AUXILIARIES = frozenset("a ont ha han".split())  # a dit, ha dicho
_CONJUNCTIONS_OF_TIME = frozenset("after before since until till".split())
_PUTTING = frozenset("put puts laid lays".split())
_TOLD = frozenset("told tells".split())
_WITH_OBJECT = _TOLD | frozenset(
    "tell assured assures called calls described describes hailed hails praised urged".split()
)
_LISTED = re.compile(r",(?: the)?")
_AND = re.compile(r",? ?(?:and|et|y|und)(?: the| its| le| la| les)?")
_QUOTED_OBJECT = re.compile(r'\s*(?:as )?[“"«]\s*([^“”"«»]+)')
_OBJECT = re.compile(r'\s*(?:that |of |to |for |about |against |as |on |over )?((?:[^,;:.“”"]|(?<=\d)[.,](?=\d))+)')


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with a sense that the rules use.

    Attributes:
        place: The place of its first token in the sentence.
        end: The place after the words that belong to it.
        sense: The sense of the verb there.
    """

    place: int
    end: int
    sense: VerbSense


_ADVERBS = BETWEEN - AUXILIARIES
_OPENING_OTHER_CLAUSES = OPENING_CLAUSES | {"and", "who", "which"}
_BEFORE_SPEAKERS = TITLES | ADJECTIVES | {"yesterday", "on"}
_BEFORE_NAMES = (ADJECTIVES | TITLES) - PREPOSITIONS


def _may_precede_name(norm: str, determiners: frozenset[str]) -> bool:
    """Return True if a word may stand between a preposition and a name: a determiner, an adjective or a title."""
    return norm != "that" and (norm in determiners or norm in _BEFORE_NAMES)


class Reading(Naming):
    """One sentence as tokens, quotations, mentions and verbs."""

    def __init__(self, document: Document, sentence: Sentence, capitals: frozenset[str]) -> None:
        super().__init__(document, sentence, capitals)
        self.quotes = [match.span() for match in QUOTES.finditer(self.text)]
        self._quoted = self._inside(self.quotes)
        self._aside = self._inside([match.span() for match in ASIDES.finditer(self.text)])
        self._governed: dict[int, bool] = {}
        self.verbs = list(self._verbs())

    def _inside(self, spans: Sequence[tuple[int, int]]) -> frozenset[int]:
        """Return the places of the tokens that begin in spans of the text."""
        return frozenset(
            place for start, end in spans for place, token in enumerate(self.tokens) if start <= token.start < end
        )

    def quoted(self, place: int) -> bool:
        """Return True if the token stands in direct speech."""
        return place in self._quoted

    def aside(self, place: int) -> bool:
        """Return True if the token stands in a parenthesis or in a relative clause between commas."""
        return place in self._aside

    # ── verbs ────────────────────────────────────────────────────────────────────────────────────

    def _verbs(self) -> Iterator[Verb]:
        table = verb_senses(self.language)
        for place, norm in enumerate(self.norms()):
            senses, gives = table.get(norm, ()), norm in GIVING
            if not senses and not gives:
                continue
            position = Position(self, place)
            if gives and (noun := _undertaking(position)) and _is_verb(position):
                yield Verb(place, noun[0], VerbSense("commitment", noun[1]))
            for sense in senses:
                if tuple(position.after(len(sense.follows))) == sense.follows and _is_verb(position):
                    yield Verb(place, place + 1 + len(sense.follows), sense)

    def relative(self, place: int) -> bool:
        """Return True if the token stands in a relative clause: "resolutions that Russia has supported"."""
        leading = next((m for m in reversed(self.mentions) if m.end <= place and self.leads_to(m.end, place)), None)
        subject = self.joined(leading)[0].first if leading else place
        while subject and self.tokens[subject - 1].norm in self.determiners - {"that"}:
            subject -= 1
        if not subject or self.tokens[subject - 1].norm not in RELATIVE or (self.aside(place) and not leading):
            return False
        if not WITH_PERSON.isdisjoint(self.norms(subject - 5, subject - 1)):
            return False  # told Veld that it would pay
        antecedent = self.tokens[subject - 2].norm if subject > 1 else ""
        return antecedent not in verb_senses(self.language) and antecedent not in _BEFORE_THAT_CLAUSE

    def undergone(self, place: int) -> bool:
        """Return True if the verb expresses what happens to an object of the subject: "had a goal ruled out"."""
        if self.language != "en":
            return False
        start = place
        while start > max(0, place - 6) and not self.tokens[start].after_break:
            start -= 1
        having = (at for at in range(start, place - 2) if self.tokens[at].norm in HAVING)
        return any(self.tokens[at + 1].norm in OPENING_NOUNS or self.tokens[at + 1].is_number for at in having)

    def suffered(self, verb: Verb) -> bool:
        """Return True if the verb is an agentless passive: "has been fined"."""
        token = self.tokens[verb.place]
        if self.language != "en" or token.after_break or token.norm.endswith("ing") or token.norm in STATES_OF_MIND:
            return False
        before = [norm for norm in self.norms(verb.place - 2, verb.place) if not norm.endswith("ly")]
        return bool(before) and before[-1] in PASSIVE and self.agent(verb.place) is None

    def reduced(self, place: int) -> bool:
        """Return True if the token is a participle with an agent and without a form of to be: "backed by the bank"."""
        if (
            self.language != "en"
            or self.norms(place + 1, place + 2) != ["by"]
            or self.tokens[place].norm.endswith("ing")
        ):
            return False
        return PASSIVE.isdisjoint(self.norms(place - 3, place))

    def led(self, verb: int) -> bool:
        """Return True if a mention stands right before the verb."""
        return any(m.end <= verb and self.leads_to(m.end, verb) for m in self.mentions)

    def has_subject(self, verb: int) -> bool:
        """Return True if a subject stands right before the verb, or the verb is passive or shares a subject."""
        passive = "be" in self.norms(verb + 1, verb + 4)
        return passive or self.led(verb) or (_follows_conjunction(self, verb) and bool(self.subjects(verb)))

    def leads_to(self, place: int, verb: int) -> bool:
        """Return True if only auxiliaries, adverbs and asides stand between two places."""
        return all(
            self.tokens[at].norm in BETWEEN or self.tokens[at].norm.endswith("ly") or self.aside(at)
            for at in range(place, verb)
        )

    def clause_between(self, start: int, end: int) -> bool:
        """Return True if another clause with a subject of its own begins between two places."""
        opening = (place for place in range(start, end) if self.tokens[place].norm in OPENING_CLAUSES)
        return any(place < mention.first < end for place in opening for mention in self.mentions)

    # ── subjects ─────────────────────────────────────────────────────────────────────────────────

    def subjects(self, verb: int, *, speech: bool = False, guessing: bool = True) -> list[Mention]:
        """Return the subjects of the verb at that place, several if "and" joins them.

        With `speech` the subject may also follow: "..., said Kim". Without `guessing` there are none if other words
        than a relative clause, an apposition and auxiliaries stand between a mention and the verb.
        """
        position = Position(self, verb)
        rules = SUBJECTS_OF_SPEECH if speech else SUBJECTS
        rules = rules if guessing else rules[:-1]
        return next((found for rule in rules if (found := rule(position))), [])

    def agent(self, verb: int) -> Mention | None:
        """Return the agent of a passive verb: the mention after "by"."""
        if PASSIVE.isdisjoint(self.norms(verb - 3, verb)):
            return None
        by = next((at for at in range(verb + 1, min(verb + 8, len(self.tokens))) if self.tokens[at].norm == "by"), None)
        return None if by is None else next((m for m in self.mentions if by < m.first <= by + 3), None)

    def joined(self, last: Mention) -> list[Mention]:
        """Return the mention with those that "and" joins to it: "A, B and C"."""
        found = [last]
        for other in reversed([m for m in self.mentions if m.end <= last.first]):
            opens = found[0].first if found[0].opens < 0 else found[0].opens
            between = self.text[self.tokens[other.end - 1].end : self.tokens[opens].start].strip()
            listed = len(found) > 1 and _LISTED.fullmatch(between)
            if not listed and not _AND.fullmatch(between):
                break
            found.insert(0, other)
        return [last] if found[0].pronoun else found

    def governed(self, mention: Mention) -> bool:
        """Return True if a preposition governs the mention, so that it is not a subject."""
        if mention.first not in self._governed:
            self._governed[mention.first] = self._is_governed(mention)
        return self._governed[mention.first]

    def _is_governed(self, mention: Mention) -> bool:
        if mention.name.casefold() in NOMINATIVE:
            return False
        before = self.preposition(mention)
        return before in PREPOSITIONS and not (before in _CONJUNCTIONS_OF_TIME and self._leads_to_verb(mention))

    def _leads_to_verb(self, mention: Mention) -> bool:
        """Return True if a finite verb follows the mention, so that a clause begins before it: "after Belmar said"."""
        place = mention.end
        while place < len(self.tokens) and self.adjoins(place) and self.tokens[place].norm in _ADVERBS:
            place += 1
        return place < len(self.tokens) and self.adjoins(place) and _is_followed_by_verb(self, place)

    def placed(self, mention: Mention) -> bool:
        """Return True if the mention is a place: "at Kim Il Sung Square"."""
        return self.preposition(mention) in PLACING

    def preposition(self, mention: Mention) -> str:
        """Return the word before the mention and its determiners and titles; "" if a clause begins there."""
        before = (mention.first if mention.opens < 0 else mention.opens) - 1
        while before >= 0 and _may_precede_name(self.tokens[before].norm, self.determiners):
            before -= 1
        if before < 0 or self.tokens[before + 1].after_break:
            return ""
        norm = self.tokens[before].norm
        object_of_verb = norm in WITH_PERSON or (norm.endswith("ing") and norm not in NOUNS_IN_ING)
        return "of" if object_of_verb and self.language == "en" else norm

    def goes_on(self, mention: Mention) -> bool:
        """Return True if the name only describes a noun that follows: "the Asia-Pacific region"."""
        if mention.end >= len(self.tokens) or not mention.named or not self.adjoins(mention.end):
            return False
        return is_content(self.tokens[mention.end], self.language) and not self.possesses(mention)

    # ── objects and clauses ──────────────────────────────────────────────────────────────────────

    def object(self, end: int, subject: str = "") -> str:
        """Return the noun phrase that follows a verb that ends there; `subject` replaces "it"."""
        rest = self.text[self.tokens[min(end, len(self.tokens)) - 1].end :]
        if quoted := _QUOTED_OBJECT.match(rest):
            return quoted.group(1).strip(" ,.")
        match = _OBJECT.match(rest)
        phrase = match.group(1).split() if match else []
        if phrase[:1] in (["it"], ["them"], ["this"]) and (len(phrase) == 1 or phrase[1] in CUTS):
            return subject
        cut = next((place for place, word in enumerate(phrase) if place and word.casefold() in CUTS), len(phrase))
        return " ".join(phrase[:cut][:14])

    def clause(self, first: int, verb_end: int) -> str:
        """Return the words from a place to the end of the clause that the verb governs."""
        end = verb_end
        while end < len(self.tokens):
            token = self.tokens[end]
            strong = any(mark in token.before for mark in ";:—–")
            opens = token.after_break and token.norm in _OPENING_OTHER_CLAUSES
            if not self.quoted(end) and (strong or (opens and end > verb_end + 2)):
                break
            end += 1
        return _tidy(self.slice(first, end))


@dataclass(eq=False)  # created so often that a frozen one costs
class Position:
    """A word in a sentence, as the rules about one word take it."""

    reading: Reading
    place: int

    @property
    def token(self) -> Token:
        """The token."""
        return self.reading.tokens[self.place]

    @property
    def norm(self) -> str:
        """The word."""
        return self.token.norm

    @property
    def previous(self) -> str:
        """The word before it in its clause; empty if there is none."""
        return "" if self.token.after_break or not self.place else self.reading.tokens[self.place - 1].norm

    def before(self, count: int) -> list[str]:
        """Return at most `count` words before it."""
        return self.reading.norms(self.place - count, self.place)

    def after(self, count: int) -> list[str]:
        """Return at most `count` words after it."""
        return self.reading.norms(self.place + 1, self.place + 1 + count)

    @cached_property
    def candidates(self) -> list[Mention]:
        """The mentions before it that may be its subject, those of its own clause if there are any."""
        reading, verb = self.reading, self.place
        fit = [
            mention
            for mention in reading.mentions
            if mention.end <= verb
            and (reading.quoted(mention.first) == reading.quoted(verb) or _quotation_follows(self, mention))
            and (not reading.aside(mention.first) or reading.aside(verb))
            and not reading.governed(mention)
            and not reading.possesses(mention)
        ]
        return [mention for mention in fit if not reading.clause_between(mention.end, verb)] or fit


def _quotation_follows(verb: Position, mention: Mention) -> bool:
    """Return True if the verb stands in a quotation that begins after the mention: the minister “will not sign”."""
    reading, at = verb.reading, verb.token.start
    begins = next((start for start, stop in reading.quotes if start <= at < stop), None)
    follows = begins is not None and reading.tokens[mention.end - 1].end <= begins
    return follows and reading.leads_to(mention.end, verb.place)


# ── which words are verbs ────────────────────────────────────────────────────────────────────────


def other_language(word: Position) -> bool:
    """Return True if the language is not English, whose forms the other rules are about."""
    return word.reading.language != "en"


def in_noun_phrase(word: Position) -> bool:
    """Return True if a determiner, an adjective or a preposition stands before the word in its clause."""
    before = word.previous
    return before in word.reading.determiners or before in ADJECTIVES or before in NO_VERB_AFTER


def capital_within_clause(word: Position) -> bool:
    """Return True if the word has a capital though no clause begins there."""
    return word.token.capital and word.place > 0 and not word.token.after_break


def after_possessive(word: Position) -> bool:
    """Return True if a possessive stands before the word."""
    return word.place > 0 and word.reading.is_possessive(word.place - 1)


def participle_of_clause(word: Position) -> bool:
    """Return True if it is a form in -ing after a form of to be, after "while" or the like, or after punctuation."""
    opened = word.token.after_break or word.previous in PASSIVE | {"while", "after", "before"}
    return word.norm.endswith("ing") and opened


def other_form_in_ing(word: Position) -> bool:
    """Return True if it is another form in -ing."""
    return word.norm.endswith("ing")


def only_verb(word: Position) -> bool:
    """Return True if the form cannot be a noun."""
    return word.norm not in NOUNS_TOO


def after_subject(word: Position) -> bool:
    """Return True if a subject stands right before the word; the form without an ending follows no single name."""
    reading = word.reading
    bare = not word.norm.endswith(("s", "ed"))
    return any(
        m.end <= word.place and reading.leads_to(m.end, word.place) and not reading.governed(m)
        for m in reading.mentions
        if not (bare and m.named and m.end == word.place and not m.name.endswith("s") and len(reading.joined(m)) < 2)
    )


VERBS: tuple[tuple[bool, Callable[[Position], bool]], ...] = (
    (True, other_language),
    (False, in_noun_phrase),
    (False, capital_within_clause),
    (False, after_possessive),
    (True, participle_of_clause),
    (False, other_form_in_ing),
    (True, only_verb),
    (True, after_subject),
)
"""Rules that decide whether a verb form is a verb here, each with its answer."""


def _is_verb(word: Position) -> bool:
    return next((answer for answer, applies in VERBS if applies(word)), False)


# ── phrases of undertaking ───────────────────────────────────────────────────────────────────────


def put_on_the_table(verb: Position) -> tuple[int, str] | None:
    """Find an offer: "put 9% on the table"."""
    after = verb.after(11)
    on = any(after[at : at + 3] == ["on", "the", "table"] for at in range(1, len(after) - 2))
    return (verb.place + 1, "proposed") if on and verb.norm in _PUTTING else None


def order_of_authority(verb: Position) -> tuple[int, str] | None:
    """Find an order: a court that "told X to"."""
    if verb.norm not in _TOLD:
        return None
    mentions = verb.reading.mentions
    rules = any(m.end == verb.place and AUTHORITIES.search(m.name) for m in mentions)
    addressed = next((m.end for m in mentions if m.first in (verb.place + 1, verb.place + 2)), None)
    ordered = rules and addressed and verb.reading.slice(addressed, addressed + 1) == "to"
    return (addressed, "decided") if ordered and addressed else None


def noun_of_undertaking(verb: Position) -> tuple[int, str] | None:
    """Find a promise, an offer or a threat as an object: "repeated its promise"."""
    if verb.norm in _PUTTING | _TOLD:
        return None
    after = verb.after(3)
    modifiers = verb.reading.determiners | ADJECTIVES
    found = (
        size for size in (1, 2) if len(after) > size and after[size] in WORDS_GIVEN and after[size - 1] in modifiers
    )
    return next(((verb.place + size + 2, WORDS_GIVEN[after[size]]) for size in found), None)


GIFTS: tuple[Callable[[Position], tuple[int, str] | None], ...] = (
    put_on_the_table,
    order_of_authority,
    noun_of_undertaking,
)
"""Rules that find the end and the status of a phrase of undertaking."""


def _undertaking(verb: Position) -> tuple[int, str] | None:
    if verb.reading.language != "en":
        return None
    return next((found for rule in GIFTS if (found := rule(verb))), None)


# ── which mentions are subjects ──────────────────────────────────────────────────────────────────


def postposed_speaker(verb: Position) -> list[Mention]:
    """Find the speaker right after a verb of saying that follows the statement: "..., said Kim"."""
    reading, place = verb.reading, verb.place
    begins = place - 1 if place and reading.tokens[place - 1].norm in _SPEECH_AUXILIARIES else place
    if begins and reading.text[: reading.tokens[begins].start].rstrip()[-1:] not in tuple(",”»\"?!'"):
        return []
    if reading.language == "en" and (
        verb.norm in _WITH_OBJECT or verb.norm.endswith("ing") or verb.after(1) in (["that"], ["to"])
    ):
        return []
    if name_before_apposition(verb) or any(
        reading.leads_to(m.end, place) and not (m.end == place and verb.token.after_break) for m in verb.candidates
    ):
        return []
    after = next((m for m in reading.mentions if place < m.first <= place + 6), None)
    if after is None or reading.quoted(after.first):
        return []
    between = reading.tokens[place + 1 : after.first]
    small = (t.capital or t.norm in _BEFORE_SPEAKERS or t.norm in reading.determiners for t in between)
    return [after] if all(small) else []


def agent_of_passive(verb: Position) -> list[Mention]:
    """Find the agent of a passive: "was signed by Kim"."""
    agent = verb.reading.agent(verb.place)
    return verb.reading.joined(agent) if agent else []


def antecedent_of_relative_clause(verb: Position) -> list[Mention]:
    """Find the antecedent of a relative clause after a comma: "the Bureau, which has welcomed it"."""
    reading = verb.reading
    for place in range(verb.place - 1, max(0, verb.place - 4), -1):
        token = reading.tokens[place]
        if token.norm in RELATIVE and "," in token.before and reading.leads_to(place + 1, verb.place):
            return [m for m in reading.mentions if m.end == place and not m.pronoun][:1]
    return []


def name_before_apposition(verb: Position) -> list[Mention]:
    """Find the name before words between commas that stand before the verb: "Ana Belmar, member for Orvel, said"."""
    reading = verb.reading
    closes = verb.place
    while closes and not reading.tokens[closes].after_break and reading.leads_to(closes, verb.place):
        closes -= 1
    if "," not in reading.tokens[closes].before or not reading.leads_to(closes, verb.place):
        return []
    opens = next((at for at in range(closes - 1, 0, -1) if reading.tokens[at].after_break), 0)
    if not opens or "," not in reading.tokens[opens].before or reading.tokens[opens].norm in OPENING_CLAUSES | {"and"}:
        return []
    before = next((m for m in verb.candidates if m.end == opens and m.named), None)
    return reading.joined(before) if before else []


def mention_before_verb(verb: Position) -> list[Mention]:
    """Find the mention right before the verb."""
    leading = [m for m in verb.candidates if verb.reading.leads_to(m.end, verb.place)]
    return _in_apposition(verb.reading, leading[-1]) if leading else []


def shared_subject(verb: Position) -> list[Mention]:
    """Find the subject of the clause before "and": "the company was disappointed and would appeal"."""
    if not _follows_conjunction(verb.reading, verb.place):
        return []
    shared = next((m for m in reversed(verb.candidates) if _is_followed_by_verb(verb.reading, m.end)), None)
    return verb.reading.joined(shared) if shared else []


def first_mention(verb: Position) -> list[Mention]:
    """Find the first mention that may be the subject."""
    return _in_apposition(verb.reading, verb.candidates[0]) if verb.candidates else []


SUBJECTS: tuple[Callable[[Position], list[Mention]], ...] = (
    agent_of_passive,
    antecedent_of_relative_clause,
    mention_before_verb,
    shared_subject,
    first_mention,
)
"""Rules that find the subjects of a verb."""
SUBJECTS_OF_SPEECH = (postposed_speaker, *SUBJECTS[:2], name_before_apposition, *SUBJECTS[2:])
"""Rules that find the subjects of a verb of saying."""


def _in_apposition(reading: Reading, last: Mention) -> list[Mention]:
    """Return the mentions joined to the last one, each by the person's name that follows it between commas."""
    return [_apposed_name(reading, mention) for mention in reading.joined(last)]


def _apposed_name(reading: Reading, mention: Mention) -> Mention:
    """Return the name that follows a description between commas: "its chairman, Colin Yelland, ..."."""
    if mention.named and len(mention.name.split()) > 1 and mention.name.split()[-1][:1].isupper():
        return mention
    following = next((m for m in reading.mentions if m.first == mention.end), None)
    apposed = following and following.named and reading.text[reading.tokens[mention.end - 1].end :].startswith(", ")
    return following if following and apposed and len(following.name.split()) > 1 else mention


def _follows_conjunction(reading: Reading, place: int) -> bool:
    return place > 0 and reading.tokens[place - 1].norm in ("and", "but")


def _is_followed_by_verb(reading: Reading, place: int) -> bool:
    if place >= len(reading.tokens) or reading.tokens[place].after_break:
        return False
    norm = reading.tokens[place].norm
    return norm in AUXILIARIES or norm in verb_senses(reading.language) or norm.endswith("ed")


def _tidy(text: str) -> str:
    """Return the text on one line, without a comma at its end, and with a cut quotation closed."""
    text = " ".join(text.split()).strip(" ,;:")
    for opening, closing in (("“", "”"), ("«", " »")):
        if text.count(opening) > text.count(closing.strip()):
            text += closing
    return text


@lru_cache(maxsize=32)  # linking, extraction and coverage read the same document
def readings(document: Document) -> tuple[Reading, ...]:
    """Return the syntax of every content sentence of a document.

    Args:
        document: The document; its language decides which word lists are used.
    """
    known = capitals(document)
    return tuple(Reading(document, sentence, known) for sentence in document.content)
