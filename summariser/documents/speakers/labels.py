"""Labels of speakers: the forms that the beginning of a line has in transcripts and records of many kinds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from summariser.documents.speakers.label_forms import BRACKETS, DASHED, END_IN_RECORD, OF_RECORD, PATTERNS, UNRESOLVED
from summariser.documents.speakers.label_kinds import (
    KINDS,
    UNKNOWN,
    Kind,
    is_initials,
    is_letter,
    is_lower_case,
    is_speakers_role,
    is_unnamed,
    is_unresolved,
    is_without_case,
)
from summariser.text import has_office, is_name, is_titled, lexicon, name_in_label

_UNNAMED = re.compile(r">>[^\S\n]?(?=\S)")  # another speaker in captions
_LONGEST_IN_RECORD = 200
_MOST_ENDS = 6
_DASHES = ("-", "–", "—")
_PLAIN_WORDS = re.compile(r"\w[\w.'’-]*")
_AFTER_SURNAME = re.compile(
    r",[^\S\n]([^\W\d_][\w'’-]+(?:[^\S\n][^\W\d_]\.)?)(?:[^\S\n]?[(\[][^()\[\]\n]*[)\]]){0,2}[^\S\n]*"
)
_USER = re.compile(r"[^\W\d_]+[._-]\w[\w.-]*")
_WIDE_BRACKETS = re.compile(r"[（(][^（）()]*[）)]$")
_LINE = re.compile(r"^[^\S\n]*(?=\S)", re.MULTILINE)
_CUT_OFF = re.compile(r"(?:--|—)[^\S\n]+(?=[^\W\d_][^:\n]{1,150}:)")
_GLUED = re.compile(r"[.!?…\d)][\"'”’)\]]*[^\S\n]+(?=[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,60}(?:\([^()\n]{1,80}\))?(?::|\.-))")
_CLOSING_TAG = re.compile(r"</(\w{1,20})[^\S\n]?>")
_TAG = re.compile(r"<(\w{1,20})[^\S\n]?>[^\S\n]*(?=[^\s<])")
_ENDS_LINE = re.compile(r"[^\w\s,;][\"'”’»]?\s*$")
_MOST_UNRESOLVED_WORDS = 3  # of a label of an unknown form after a time
_MOST_WORDS_OF_DESCRIPTION = 4
_WIDEST_WRAPPED_LINE = 100
_GAP = re.compile(r"\s*")
_LIST = re.compile(r"[^\S\n]*\n\s*[-*•‣▪◦]\s")

_LONGEST_ABBREVIATION = 6  # with its full stop


@dataclass(frozen=True, slots=True)
class Label:
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
        of_record: True if it has the form of some records: "M. Belmar." before the first sentence.
        dashed: True if a dash after a space ends it: "Ana Belmar —" before the first sentence.
        marked: True if it has what no heading has: a time, a title or brackets (two pairs on a line of its own).
    """

    kind: Kind
    who: str
    text: str
    start: int
    span: tuple[int, int]
    spoken: int
    alone: bool
    signed: bool
    of_record: bool
    marked: bool
    dashed: bool = False

    @property
    def key(self) -> str:
        """What all labels of a speaker have in common: the surname, or on a line of its own the whole name."""
        if self.kind is is_without_case:
            return _WIDE_BRACKETS.sub("", self.text)
        name = name_in_label(self.text)
        return (name or self.text if self.alone else name.rpartition(" ")[2] or self.text).casefold()


def labels_in(text: str, language: str | None) -> list[Label]:
    """Return what may be labels in order: beginnings of lines, and within a line names with a title.

    These stand after a dash at which a speaker is cut off, or in capitals after a sentence. After a tag that the text
    closes ("<speech>") somebody speaks, whoever it is.

    Args:
        text: The text.
        language: The language of the text.
    """
    return _spoken_after(_candidates(text, language))


def labels_of(speakers: Iterable[str], text: str, language: str | None) -> list[Label]:
    """Return the labels of known speakers, at the beginnings of lines and before a colon, and the marks of others.

    Args:
        speakers: The labels.
        text: The text.
        language: The language of the text.
    """
    found: list[Label] = []
    longest_first = sorted(speakers, key=len, reverse=True)
    for line in _LINE.finditer(text):
        start = line.end()
        who = next((each for each in longest_first if text.startswith(f"{each}: ", start)), None)
        label = label_at(text, start, language) if who is not None or _UNNAMED.match(text, start) else None
        if who is not None and (label is None or label.text != who or label.kind in UNKNOWN):
            span = start, start + len(who)
            unnamed = _unnamed(start, span[1] + 2)
            label = replace(unnamed, kind=is_unresolved, who=who, text=who, span=span)
        if label is not None:
            found.append(replace(label, marked=True))
    return found


def _candidates(text: str, language: str | None) -> Iterator[Label]:
    """Yield what may be labels, also names in a list of names."""
    widest = max(map(len, text.split("\n")))
    before = 0
    closed = _closed_tags(text)
    places = [found for pattern in (_LINE, _CUT_OFF, _GLUED) for found in pattern.finditer(text)]
    places += [found for found in _TAG.finditer(text) if found[1].casefold() in closed]
    for line in sorted(places, key=lambda found: found.end()):
        if line.end() < before or (line.re is not _LINE and _is_in_brackets(text, line.start())):
            continue
        label = label_at(text, line.end(), language)
        if line.re is _TAG:
            label = replace(label if label and label.signed else _unnamed(line.end(), line.end()), start=line.start())
        if label is None:
            continue
        if line.re is _TAG:
            begins = True
        elif line.re is _LINE:
            begins = not (_is_weak(label) and _is_in_sentence(text, line.start(), widest))
        else:
            formal = label.kind is is_speakers_role or (label.kind is is_name and is_titled(label.who))
            begins = formal and label.signed and not label.of_record and (line.re is _CUT_OFF or label.who.isupper())
        if begins:
            before = label.span[1]
            yield label


def _spoken_after(labels: Iterable[Label]) -> list[Label]:
    """Leave out names in a list of names, and the article "A", which is a label only after a question."""
    kept: list[Label] = []
    for label in labels:
        if kept and label.alone and kept[-1].alone and kept[-1].spoken == label.start:
            kept.pop()
        if label.text != "A" or label.signed or (kept and kept[-1].text == "Q" and not kept[-1].signed):
            kept.append(label)
    return kept


def _is_in_brackets(text: str, start: int) -> bool:
    """Return True if an offset stands behind a bracket that opens on its line and has not closed."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line.count("(") + line.count("[") > line.count(")") + line.count("]")


def _is_weak(label: Label) -> bool:
    """Return True if a label has a form that the end of a line may break off a sentence."""
    return label.of_record or label.alone or label.kind in (is_lower_case, *UNKNOWN)


def _is_in_sentence(text: str, start: int, widest: int) -> bool:
    """Return True if the line before an offset is full and does not end a sentence, in a text of wrapped lines."""
    line = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    full = 0.6 * widest <= len(line) and widest <= _WIDEST_WRAPPED_LINE
    return full and bool(line.strip()) and _ENDS_LINE.search(line) is None


def label_at(text: str, start: int, language: str | None) -> Label | None:
    """Return what may be a label at an offset, or None.

    Args:
        text: The text.
        start: The offset.
        language: The language of the text.
    """
    if _headings(language).match(text, start):
        return _unnamed(start, start)
    for pattern in PATTERNS:
        found = pattern.match(text, start)
        kind = next((kind for kind in KINDS if kind(found["who"], language)), None) if found else None
        if found and kind and _can_be_label(found, kind, language):
            label = _label(found, kind)
            break
    else:
        label = None
    if label is None or (label.kind is is_letter and not label.signed):  # A SRA. BELMAR (PI) -
        formal = next(_labels_of_record(text, start, language), None) or _dashed_label(text, start, language)
        return formal or label or _unknown_label(text, start, language)
    return label


def _dashed_label(text: str, start: int, language: str | None) -> Label | None:
    """Return a label before a dash and the beginning of a sentence, or None."""
    found = DASHED.match(text, start)
    if found is None or found[found.re.groups].islower():
        return None
    kind = next((kind for kind in KINDS if kind(found["who"], language)), is_unresolved)
    if kind not in (is_letter, is_speakers_role, is_initials, is_name) or not _can_be_label(found, kind, language):
        return None
    return replace(_label(found, kind), dashed=True)


def _unknown_label(text: str, start: int, language: str | None) -> Label | None:
    """Return a label of an unknown form before a colon, a mark, or the narration of a record; or None.

    Such a label has a time, brackets or bold marks, or is an article with a few words in lower case.
    """
    found = UNRESOLVED.match(text, start)
    if found and (found["sign"] or " ")[:1] in " :：" and is_unresolved(found["who"], language):
        telephone, few = found["who"].startswith("+"), len(found["who"].split()) <= _MOST_UNRESOLVED_WORDS
        if found["sign"] is None:  # ana.belmar 0:12
            few = _USER.fullmatch(found["who"]) is not None
        marked = (few or telephone) and (found["time"] or found["late"] or "**" in found[0])
        bracketed = ")" in found["more"] and not _is_clause(found["who"] + found["more"])
        described = found["sign"] is not None and not found["more"] and _is_description(found["who"])
        if (marked or bracketed or described) and not _LIST.match(text, found.end()):
            return _label(found, is_unresolved)
    narration = text[start : start + 1].isupper() and _narrations().match(text, start)
    if unnamed := _UNNAMED.match(text, start) or narration:
        at = start if narration else unnamed.end()
        return _unnamed(start, at)
    return None


def _is_description(who: str) -> bool:
    """Return True if words are an article and a few words in lower case, and no clause: "De officier van justitie"."""
    article, *words = who.split()
    articles = lexicon.words("determiners") | lexicon.words("label_articles") | {"de", "het"}
    no_person = lexicon.words("lead_words") | lexicon.words("speech_verbs") | lexicon.words("attributions")
    return (
        article.casefold() in articles
        and 0 < len(words) <= _MOST_WORDS_OF_DESCRIPTION
        and all(word.isalpha() and word.islower() for word in words)
        and no_person.isdisjoint(words)
        and not _is_clause(" ".join(words))
    )


def _unnamed(start: int, at: int) -> Label:
    return Label(is_unnamed, "", "", start, (at, at), at, alone=False, signed=True, of_record=False, marked=False)


def _labels_of_record(text: str, start: int, language: str | None) -> Iterator[Label]:
    """Yield the possible labels before a full stop or a dash: with a title or an addition, or in capitals."""
    stop = min(len(text), start + _LONGEST_IN_RECORD)
    line_end = text.find("\n", start, stop)
    ends = END_IN_RECORD.finditer(text, start, stop if line_end < 0 else line_end)
    for end in islice(ends, _MOST_ENDS):
        found = OF_RECORD.fullmatch(text, start, end.end())
        kinds = (kind for kind in (is_speakers_role, is_name) if found and kind(found["who"], language))
        if found and (kind := next(kinds, None)) and _can_be_label(found, kind, language) and _is_formal(found, kind):
            yield _label(found, kind, of_record=True)


def _is_formal(found: re.Match[str], kind: Kind) -> bool:
    """Return True if words before a full stop have what a sentence of one name and a reference have not."""
    who, more = found["who"], found["more"]
    if who.endswith(".") or any(map(str.isdigit, more)) or any("." in word[:-1] for word in who.split()):
        return False
    if more.strip().startswith(_DASHES) and not has_office(more):  # Ana Belmar — Thanks.
        return False
    if kind is is_speakers_role:
        return True
    bare = not more and found["sign"].strip() != "."  # ARLEN - The board met.
    return (is_titled(who) or (not bare and (bool(more) or who.isupper()))) and bool(name_in_label(who))


def _can_be_label(found: re.Match[str], kind: Kind, language: str | None) -> bool:
    """Return True if the parts of a label fit together."""
    words, signed = found["who"].split(), found["sign"] is not None
    if kind is is_letter:
        return _can_be_letter(found, language)
    if _is_no_label(found, kind):
        return False
    if not _fits_office(found, kind):
        return False
    if signed:
        return not _LIST.match(found.string, found.end())
    alone = kind is is_speakers_role or (kind is is_name and (len(words) > 1 or bool(_first_name(found))))
    return alone and not found["open"] and not found["who"].endswith(".")


def _is_no_label(found: re.Match[str], kind: Kind) -> bool:
    """Return True if words before a colon are a sentence, an address, or a tag that the text closes."""
    words = found["who"].split()
    sentence = any(len(word) > _LONGEST_ABBREVIATION and word.endswith(".") for word in words[:-1])
    leads = words[0].casefold() in lexicon.words("lead_words") and kind is not is_initials  # Dear Minister
    asked = bool(found.groupdict().get("asked")) and kind is not is_name  # Q - Madam Secretary:
    return sentence or leads or asked or _is_tag(found)  # BELMAR. Thank you:


def _is_tag(found: re.Match[str]) -> bool:
    """Return True if the words in angle brackets are a tag that the text closes."""
    return found["open"] == "<" and found["who"].casefold() in _closed_tags(found.string)


@lru_cache(maxsize=2)
def _closed_tags(text: str) -> frozenset[str]:
    """Return the names of the tags that a text closes, in lower case."""
    return frozenset(found[1].casefold() for found in _CLOSING_TAG.finditer(text))


def _can_be_letter(found: re.Match[str], language: str | None) -> bool:
    """Return True if a letter is a label in this form: "B:", and without a colon only that of a question or answer."""
    who, letters, sign = found["who"], {"q", "a"}, (found["sign"] or "").strip()
    if sign:
        letters |= lexicon.words("question_labels", language) | lexicon.words("answer_labels", language)
    if sign in ("", ".", *_DASHES):
        upper = who.isupper() or (sign in _DASHES and len(who) > 1)
        return not found["more"] and upper and who.casefold() in letters
    return not _LIST.match(found.string, found.end())


def _fits_office(found: re.Match[str], kind: Kind) -> bool:
    """Return True if there is no addition after the words, apart from brackets, or one that fits them."""
    office = _PLAIN_WORDS.findall(re.sub(BRACKETS, "", found["more"]))
    who, signed = found["who"], found["sign"] is not None
    if not office or (not signed and found["more"].endswith(".")):  # the second is a sentence after a dash
        return not office
    if _first_name(found):
        return True
    if kind is is_speakers_role:  # The Minister for Housing, Roads and Ports (Ana Belmar)
        return bool(name_in_label(who + found["more"])) or (signed and is_name(" ".join(office), None))
    return kind is is_name and (" " in who or who.isupper()) and _is_office(office, signed)


def _first_name(found: re.Match[str]) -> str:
    """Return the first name that follows the surname after a time, as in "[12:03] Belmar, Ana (External)", or ""."""
    after = _AFTER_SURNAME.fullmatch(found["more"]) if found["time"] or found["late"] else None
    if after is None or " " in found["who"] or has_office(after[1]) or not is_name(f"{after[1]} {found['who']}", None):
        return ""
    return after[1]


def _is_office(words: list[str], signed: bool) -> bool:
    """Return True if words after a name are an office, a reason to speak or, before a colon, a body: "Port Board"."""
    rest = _phrases().sub("", " ".join(words))
    if _is_clause(rest) or any(map(str.isdigit, rest.split())):
        return False
    if has_office(rest) or len(rest.split()) < len(words):
        return True
    small = lexicon.words("name_particles", "any")
    return signed and all(word[0].isupper() or word in small for word in words)


def _is_clause(words: str) -> bool:
    """Return True if words have a pronoun, an auxiliary verb or a dash of two hyphens."""
    clause = lexicon.words("auxiliaries", "en") | {pronoun.word for pronoun in lexicon.pronouns()}
    return "--" in words or not clause.isdisjoint(words.casefold().split())


@cache
def _phrases() -> re.Pattern[str]:
    return lexicon.pattern("label_phrases")


@cache
def _narrations() -> re.Pattern[str]:
    return lexicon.pattern("record_narrations")


@cache
def _headings(language: str | None) -> re.Pattern[str]:
    """Return a pattern of lines with a heading of minutes, in a language or in English: "Present:", "1. Agenda"."""
    words = lexicon.alternatives("record_headings", *((language, "en") if language else ()))
    number = r"[^\w\n]{0,4}(?:\d{1,2}[.．)、][^\S\n]*)?"
    end = r"[^\S\n]?\d{0,2}[\W_]{0,3}?(?:[:：】）\u3000]|(?=\n))"
    return re.compile(rf"{number}(?:{words}){end}", re.IGNORECASE)


def _label(found: re.Match[str], kind: Kind, *, of_record: bool = False) -> Label:
    letter, signed = kind is is_letter, found["sign"] is not None
    words = f"{first} {found['who']}" if (first := _first_name(found)) else found["who"] + found["more"]
    brackets = found["more"].count("(") + found["more"].count("[")
    return Label(
        kind=kind,
        who=found["who"],
        text=found["who"].strip(".") if letter else " ".join(words.split()),
        start=found.start(),
        span=(found.start("who"), found.end("more" if found["more"] and not letter else "who")),
        spoken=_GAP.match(found.string, found.end()).end(),  # type: ignore[union-attr]
        alone=not signed and not letter,
        signed=signed,
        of_record=of_record,
        marked=bool(found["time"] or found["late"]) or is_titled(found["who"]) or brackets > (0 if signed else 1),
    )
