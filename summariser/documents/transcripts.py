"""The turns of a transcript and their speakers."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summariser.text import TIME, has_office, is_name, is_role, is_titled, lexicon, name_in_label

_TIMED = rf"(?P<time>{TIME}(?:[^\S\n]{{0,3}}(?:-->|[-–—])[^\S\n]{{0,3}}{TIME})?[^\S\n]{{0,3}}(?:[-–—|][^\S\n])?)?"
_LATE = rf"(?P<late>[^\S\n]{{0,3}}(?:[-–—|][^\S\n])?{TIME})?"
_WORD = r"[^\W\d_][\w.'’-]*"
_WHO = rf"(?P<open>\[)?(?P<who>{_WORD}(?:[^\S\n]{{1,2}}(?:{_WORD}|\d{{1,3}}(?!\w))){{0,8}}?)(?(open)\])"
_OFFICE = r"(?:,|(?<!\.)[^\S\n](?:--?|[–—]))[^\S\n][^,;:()\[\]\n]{2,50}"
_BRACKETS = r"[^\S\n]{0,3}\n?[^\S\n]{0,3}[(\[](?!\d{1,2}:\d\d)[^()\[\]\n]{1,60}[)\]]"
_MORE = rf"(?P<more>(?:{_OFFICE}|{_BRACKETS}){{0,4}})"
_BOLD = r"\*{0,3}"
_BEFORE = rf"(?:(?:>>|#{{1,6}})[^\S\n]?)?{_BOLD}{_TIMED}{_BOLD}"
_SIGN = rf"(?P<sign>[^\S\n]?:{_BOLD}(?=[\s“\"«„]|$)|\.[^\S\n]?[-–—](?=\s))"
_PATTERNS = (
    # Ana Belmar:   **Ana Belmar**:   [00:12] Ana Belmar:   Ana Belmar, minister:   Ana Belmar (Con):   Ana Belmar. –
    # and on a line of its own: Ana Belmar   Ana Belmar (Con)   Ana Belmar 0:12
    re.compile(rf"{_BEFORE}{_WHO}{_BOLD}{_MORE}{_BOLD}{_LATE}{_BOLD}(?:{_SIGN}|[^\S\n]*(?=\n))"),
    # Q:   Q1.   Q   A
    re.compile(rf"{_BEFORE}(?P<who>[QA])(?:\d{{0,3}}(?P<sign>[:.]))?{_BOLD}(?=\s)(?P<more>)(?P<late>)(?P<open>)"),
)
_PLAIN = re.compile(r"[^\W\d_]+")
_PLAIN_WORDS = re.compile(r"\w[\w.'’-]*")
_FEW_WORDS = re.compile(r"[^\W\d_]{3,}(?: [^\W\d_]{3,})?")
_LINE = re.compile(r"^[^\S\n]*(?=\S)", re.MULTILINE)
_GAP = re.compile(r"\s*")
_LIST = re.compile(r"[^\S\n]*\n\s*[-*•‣▪◦]\s")

_FEWEST_TURNS = 4
_FEWEST_ADDRESSES = 0.25  # of the turns; in them the speaker says "I", "we" or "you", or asks something
_FEWEST_ADDRESSES_ALONE = 0.5  # likewise, if lines without a colon are labels
_NEED_SUBJECTS = frozenset({"de", "en", "fr"})  # languages in which a speaker has to say "I" or "we"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a speaker in a transcript.

    Attributes:
        label: The label of the speaker, without colon and time.
        start: The offset at which the line with the label begins, for example with a time.
        span: The offsets at which the label begins and ends.
        spoken: The offset at which the speech begins.
        speaker: The name of the speaker; "" if the label has no name or may not be a speaker's.
        sentence: The number of the sentence in which the turn begins.
    """

    label: str
    start: int
    span: tuple[int, int]
    spoken: int
    speaker: str = ""
    sentence: int = 0

    @property
    def asks(self) -> bool:
        """True if the turn has the label of a question."""
        return self._is_labelled("question_labels")

    @property
    def answers(self) -> bool:
        """True if the turn has the label of an answer."""
        return self._is_labelled("answer_labels")

    def _is_labelled(self, name: str) -> bool:
        return self.label.casefold().strip(".") in lexicon.words(name)


def turns_in(text: str, language: str | None) -> list[Turn]:
    """Return the turns of a transcript in order; an empty list if the text is not a transcript.

    Lines that consist of a name count as labels only if the labels with a colon do not make the text a transcript.

    Args:
        text: The text of the document.
        language: The language of the text.
    """
    candidates = _spoken_after(list(_candidates(text, language)))
    for labels in ([label for label in candidates if not label.alone], candidates):
        transcript = _Labels(labels, text, language)
        if transcript.are_of_transcript():
            return [transcript.turn(label) for label in labels if transcript.begins_turn(label)]
    return []


def numbered(turns: Sequence[Turn], sentences: Sequence[int]) -> list[Turn]:
    """Return the turns with the numbers of the sentences in which they begin.

    Args:
        turns: The turns.
        sentences: The offsets at which the sentences of the document begin.
    """
    return [replace(turn, sentence=bisect_left(sentences, turn.start) + 1) for turn in turns]


def turn_at(turns: Sequence[Turn], start: int) -> Turn | None:
    """Return the last turn that begins at or before an offset, or None."""
    place = bisect_right(turns, start, key=lambda turn: turn.start)
    return turns[place - 1] if place else None


# ── what may be a label ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Label:
    """The beginning of a line that may be the label of a speaker.

    Attributes:
        kind: The rule that accepts the words.
        who: The words without office, brackets and time.
        text: The label without colon and time.
        start: The offset at which the line begins.
        span: The offsets at which the words, office and brackets begin and end.
        spoken: The offset of the text after the label.
        alone: True if it is a line of its own without a colon.
        signed: True if a colon, a full stop or a dash ends it.
        marked: True if it has what no heading has: a time, a title or brackets (two pairs on a line of its own).
    """

    kind: "_Kind"
    who: str
    text: str
    start: int
    span: tuple[int, int]
    spoken: int
    alone: bool
    signed: bool
    marked: bool

    @property
    def key(self) -> str:
        """What all labels of a speaker have in common: the surname, or on a line of its own the whole name."""
        name = name_in_label(self.text)
        return (name or self.text if self.alone else name.rpartition(" ")[2] or self.text).casefold()


def is_letter(who: str, _: str | None) -> bool:
    """Return True if the words stand for a question, an answer or a speaker's initial: "Q", "Answer", "B"."""
    known = who.casefold() in _questions_and_answers()
    return (len(who) == 1 and who.isupper()) or (known and not is_role(who))


def _questions_and_answers() -> frozenset[str]:
    return lexicon.words("question_labels") | lexicon.words("answer_labels")


def is_speakers_role(who: str, _: str | None) -> bool:
    """Return True if the words are an office or a role, and no clause such as "The minister said"."""
    speech = lexicon.words("speech_verbs") | lexicon.words("attributions")
    return is_role(who) and speech.isdisjoint(word for word in who.split() if word.islower())


def is_lower_case(who: str, language: str | None) -> bool:
    """Return True if the words are one or two in lower case, which may be anybody: "heckler"."""
    excluded = lexicon.words("lead_words") | lexicon.function_words(language) | lexicon.prepositions(language)
    return who.islower() and _FEW_WORDS.fullmatch(who) is not None and excluded.isdisjoint(who.split())


_Kind = Callable[[str, str | None], bool]
KINDS: tuple[_Kind, ...] = (is_letter, is_speakers_role, is_name, is_lower_case)
"""Rules for the words of a label, in the order in which they are tried."""


def _candidates(text: str, language: str | None) -> Iterator[_Label]:
    """Yield the beginnings of lines that may be labels."""
    for line in _LINE.finditer(text):
        for pattern in _PATTERNS:
            found = pattern.match(text, line.end())
            kind = next((kind for kind in KINDS if kind(found["who"], language)), None) if found else None
            if found and kind and _can_be_label(found, kind):
                yield _label(found, kind)
                break


def _can_be_label(found: re.Match[str], kind: _Kind) -> bool:
    """Return True if the parts of a label fit together."""
    words = found["who"].split()
    office = _PLAIN_WORDS.findall(re.sub(_BRACKETS, "", found["more"]))
    if kind is not is_letter and words[0].casefold() in lexicon.words("lead_words"):  # Dear Minister
        return False
    if office and (kind is not is_name or len(words) == 1 or not _is_office(office, bool(found["sign"]))):
        return False
    if found["sign"]:
        return not _LIST.match(found.string, found.end())
    if kind is is_letter:
        return not found["more"]
    alone = kind is is_speakers_role or (kind is is_name and len(words) > 1)
    return alone and not found["open"] and not found["who"].endswith(".")


def _is_office(words: list[str], signed: bool) -> bool:
    """Return True if words after a name are an office or, before a colon, a body: "minister", "Harbour Board"."""
    clause = lexicon.words("auxiliaries", "en") | {pronoun.word for pronoun in lexicon.pronouns()}
    if any(word.casefold() in clause or word.isdigit() for word in words):
        return False
    small = lexicon.words("name_particles", "any")
    return has_office(" ".join(words)) or (signed and all(word[0].isupper() or word in small for word in words))


def _label(found: re.Match[str], kind: _Kind) -> _Label:
    letter, signed = kind is is_letter, bool(found["sign"])
    brackets = found["more"].count("(") + found["more"].count("[")
    return _Label(
        kind=kind,
        who=found["who"],
        text=found["who"].strip(".") if letter else " ".join((found["who"] + found["more"]).split()),
        start=found.start(),
        span=(found.start("who"), found.end("more" if found["more"] and not letter else "who")),
        spoken=_GAP.match(found.string, found.end()).end(),  # type: ignore[union-attr]
        alone=not signed and not letter,
        signed=signed,
        marked=bool(found["time"] or found["late"]) or is_titled(found["who"]) or brackets > (0 if signed else 1),
    )


def _spoken_after(labels: list[_Label]) -> list[_Label]:
    """Leave out names in a list of names, and the article "A", which is a label only after a question."""
    kept: list[_Label] = []
    for label in labels:
        if kept and label.alone and kept[-1].alone and kept[-1].spoken == label.start:
            kept.pop()
        if label.text != "A" or label.signed or (kept and kept[-1].text == "Q" and not kept[-1].signed):
            kept.append(label)
    return kept


# ── which labels begin turns ─────────────────────────────────────────────────────────────────────


class _Labels:
    """The possible labels of one text.

    Args:
        labels: The labels in order.
        text: The text.
        language: The language of the text.
    """

    def __init__(self, labels: Sequence[_Label], text: str, language: str | None) -> None:
        self._labels, self._text, self._language = labels, text, language
        self._often = Counter(label.key for label in labels)

    def are_of_transcript(self) -> bool:
        """Return True if there are enough labels, at least half of them recur, and their speakers address somebody.

        Lines without a colon must recur for two speakers.
        """
        labels = [label for label in self._labels if label.kind is not is_lower_case]
        recurring = [label for label in labels if self._recurs(label) and not self._is_common_noun(label)]
        if len(labels) < _FEWEST_TURNS or 2 * len(recurring) < len(labels):
            return False
        if any(label.alone for label in labels):
            return len({label.key for label in recurring}) > 1 and self._address(_FEWEST_ADDRESSES_ALONE)
        return self._address(_FEWEST_ADDRESSES)

    def begins_turn(self, label: _Label) -> bool:
        """Return True if the label is a speaker's, though it may occur only once."""
        if self._recurs(label) or label.kind in (is_speakers_role, is_lower_case):
            return True
        if label.kind is is_letter:
            return label.who.isupper() and label.text.casefold() in _questions_and_answers()
        return not self._has_common_words(label)

    def turn(self, label: _Label) -> Turn:
        """Return the turn that the label begins; its speaker is unknown if the label may be a heading."""
        known = label.kind in (is_name, is_speakers_role) and (self._recurs(label) or self._is_certain(label))
        return Turn(label.text, label.start, label.span, label.spoken, name_in_label(label.text) if known else "")

    def _recurs(self, label: _Label) -> bool:
        return self._often[label.key] > 1

    def _is_certain(self, label: _Label) -> bool:
        """Return True if a label that occurs only once has the form of a name, or the text has the name elsewhere."""
        if label.marked or label.alone:
            return label.marked
        return " " in label.who or all(self._words[word] > 1 for word in _PLAIN.findall(label.who))

    def _is_common_noun(self, label: _Label) -> bool:
        """Return True if the label is one word that may be no name, as the text has it in lower case."""
        return label.kind is is_name and " " not in label.who and self._has_common_words(label)

    def _has_common_words(self, label: _Label) -> bool:
        """Return True if the text has each word of the label in lower case."""
        return all(word in self._words for word in _PLAIN.findall(label.who.lower()))

    @cached_property
    def _words(self) -> Counter[str]:
        """The words of the text with their frequencies."""
        return Counter(_PLAIN.findall(self._text))

    def _address(self, share: float) -> bool:
        """Return True if the speaker says "I", "we" or "you", or asks something, in this share of the turns."""
        if self._language not in _NEED_SUBJECTS:
            return True
        pronouns = lexicon.pronouns(self._language)
        words = [p.word for p in pronouns if p.referent in ("own", "addressee") and p.form in ("subject", "any")]
        address = re.compile(rf"\b(?:{'|'.join(words)})\b|\?", re.IGNORECASE)
        ends = [label.start for label in self._labels[1:]] + [len(self._text)]
        speeches = zip(self._labels, ends, strict=True)
        addresses = sum(bool(address.search(self._text, label.spoken, end)) for label, end in speeches)
        return addresses >= share * len(self._labels)
