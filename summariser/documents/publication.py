"""The dateline and the day of publication of a report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from summariser.documents.stated_dates import Dated, dates_in, has_day, in_digits
from summariser.text import date_order, lexicon, state_named, states_in, tokenize, weekday_names

_LONGEST_LINE = 14  # words of a line that gives the day of publication
_LONGEST_NAME = 8  # words of a place or a paper before a date
_LONGEST_AFTER = 4  # words after a date that is a line by itself
_LONGEST_ISSUE = 9  # likewise, if they begin with the number of an issue
_TOP, _BOTTOM = 8, 4  # lines in which the day of publication may stand
_MOST_BEFORE_PUBLISHED = 2  # words before "published": first published, article published
_SHORT_WORD, _MOST_SHORT = 4, 4  # letters and number of the words beside a date: "on", "um", "the"
_CELLS = " | "
_FEWEST_OF_HEADLINE = 3  # words before a date in brackets
_LOOKED_AT = 20_000  # characters of a report in which the day of an occasion would be said again
_PER_WORD = 3  # characters of a script without spaces that count as a word

Role = Literal["published", "dated", "updated"]
_ROLES: tuple[Role, ...] = ("published", "dated", "updated")  # the best first


class Published(NamedTuple):
    """What a text says of its day of publication.

    Attributes:
        day: The day, or None.
        unclear: A date line in digits that may be either of two days; "" if there is none or if the day is known.
    """

    day: date | None
    unclear: str = ""


def dateline(text: str) -> str | None:
    """Return the place at the beginning of a report ("SEOUL, South Korea – …"), unchanged, or None."""
    match = _dateline().match(text)
    return match["place"].strip() if match else None


def dateline_end(text: str) -> int:
    """Return the offset at which a sentence continues after its dateline; 0 if it has no dateline."""
    match = _dateline().match(text)
    return match.end() if match else 0


def find_date(text: str, language: str | None = None) -> date | None:
    """Return the first complete date (day, month and year) in a text, or None.

    Args:
        text: The text.
        language: The language of the text, for names of months; English, French, German and Spanish are always known.
    """
    return next(
        (
            found.day
            for found in dates_in(text, language)
            if found.day and (not found.compact or _is_alone(found, text))
        ),
        None,
    )


def _is_alone(dated: Dated, line: str) -> bool:
    return dated.text == line.strip()


def gives_update(line: str) -> bool:
    """Return True if a line has words for a change of a text, "last modified on", and none for its publication."""
    return _updated().search(line) is not None and _published().search(line) is None


def is_date_line(line: str, language: str | None) -> bool:
    """Return True if a line has a date and nothing else but a time, a weekday and words such as "published on"."""
    dates = list(dates_in(line, language))
    if not dates:
        return False
    rest = line
    for dated in reversed(dates):
        rest = f"{rest[: dated.start]} | {rest[dated.end :]}"
    rest = _ANY_CLOCK.sub(" ", _published().sub(" ", _updated().sub(" ", rest)))
    words = [word for word in re.findall(r"[^\W_]+", rest.casefold()) if word not in weekday_names(language)]
    return all(len(word) < _SHORT_WORD for word in words) and len(words) < _MOST_SHORT


def publication_date(text: str, sentences: Sequence[str], language: str | None) -> Published:
    """Return the day of publication from a line near the beginning or end of a report that gives a date.

    A day after "published" counts before other date lines, and these before a day after "updated".

    Args:
        text: The whole text.
        sentences: The sentences of the text.
        language: The language of the text.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    rows = _rows(lines)
    lines = [line for line in lines if line not in rows]
    edges = lines if len(lines) <= _TOP + _BOTTOM else [*lines[:_TOP], *lines[-_BOTTOM:]]
    order = _order(text, language)
    found = [
        (_ROLES.index(role), dated)
        for line in dict.fromkeys((*edges, *sentences[:6], *sentences[-3:]))
        if line not in rows
        for since, dated in _with_ends(islice(dates_in(line, language, order), 3))
        if not dated.compact or line in lines
        if (role := _role(line, since, dated, language)) is not None
    ]
    clear = [(role, dated.day) for role, dated in found if dated.day]
    if clear:
        return Published(min(clear, key=lambda each: each[0])[1])
    if not found and edges and (day := _behind_headline(edges[0], text, language)):
        return Published(day)
    return Published(None, found[0][1].text if found else "")


def _with_ends(dates: Iterable[Dated]) -> Iterator[tuple[int, Dated]]:
    """Yield the dates, each with the offset at which the date before it ends."""
    end = 0
    for dated in dates:
        yield end, dated
        end = dated.end


def _behind_headline(line: str, text: str, language: str | None) -> date | None:
    """Return the day in brackets at the end of a headline; None if it may be the day of an occasion or of the past.

    A report of an occasion says its day again, and one of the past has later years in it.
    """
    dated = next((dated for dated in dates_in(line, language) if _IN_BRACKETS.fullmatch(line, dated.end)), None)
    if dated is None or dated.day is None:
        return None
    headline, _, beside = line[: dated.start].replace("［", "[").replace("（", "(").replace("[", "(").rpartition("(")
    if _size(headline) < _FEWEST_OF_HEADLINE or _is_all_names(headline) or _without_weekday(beside, language):
        return None
    rest = text[text.index(line) + len(line) :][:_LOOKED_AT]
    later = any(int(year) > dated.day.year for year in _YEAR.findall(rest))
    occasion = _record().search(headline) is not None
    return None if later or occasion or has_day(rest, dated.day, language) else dated.day


def _is_all_names(words: str) -> bool:
    """Return True if all words but small ones have capitals, as in the name of a person, a law or an occasion."""
    return all(word[0] != word[0].lower() for word in words.split() if len(word) >= _SHORT_WORD)


def _rows(lines: Sequence[str]) -> set[str]:
    """Return the rows of tables: lines with cells beside others with cells, but not the one that begins "Date:"."""
    pairs = [pair for pair in pairwise(lines) if all(_CELLS in line for line in pair)]
    rows = {line for pair in pairs for line in pair}
    labelled = [row for row in rows if _begins_with_label(row)]
    return rows - set(labelled) if len(labelled) == 1 else rows


def _begins_with_label(row: str) -> bool:
    """Return True if a row begins with words for publication and a colon, and has no time or place of an occasion."""
    first, *others = row.split(_CELLS)
    label = first.replace("：", ":").partition(":")
    says = label[1] != "" and _published().fullmatch(label[0].strip(_MARKS)) is not None
    return says and not any(_OCCASION.match(cell) for cell in others)


def _order(text: str, language: str | None) -> str | None:
    """Return the order of dates in digits in a text: that of its other dates, its language or its place; or None."""
    pairs = list(in_digits(text))
    shown = {"DMY" if one > 12 else "MDY" for one, two in pairs if (one > 12) != (two > 12)}
    if shown:
        return shown.pop() if len(shown) == 1 else None
    if known := date_order(language):
        return known if known != "YMD" else None
    place = next((found for line in text.split("\n")[:_TOP] if (found := dateline(line.strip()))), "")
    states = {code for code, *_ in states_in(tokenize(place.title()))} | {state_named(place.title().split(",")[0])}
    states -= {None}
    return None if not states else "MDY" if states == {"US"} else "DMY"


# ── the lines that give the day of publication ───────────────────────────────────────────────────


def _role(line: str, since: int, dated: Dated, language: str | None) -> Role | None:
    """Return what the line says of the date: the day of publication, of a change, or of a date line; or None.

    Args:
        line: The line.
        since: The offset at which the date before it ends, behind which the words for it stand.
        dated: The date.
        language: The language.
    """
    before, after = line[: dated.start], _TAIL.sub("", line[dated.end :], count=1).strip()
    said = _SEGMENT.split(before[since:])[-1]
    if _is_of_occasion(before, said, after):
        return None
    if (role := _role_by_words(said)) is not None:
        return None if role == "updated" and _size(after) > _LONGEST_AFTER else role
    if dated.compact and (before.strip() or not (after == "" or _SEPARATES.match(after))):
        return None
    return "dated" if _is_date_line(before, after, language) or dated.end <= dateline_end(line) else None


def _is_of_occasion(before: str, said: str, after: str) -> bool:
    """Return True if a day is that of an occasion, a birth, a deadline, or the first one of a time."""
    if _RANGE.match(after) or _BORN.match(after):  # 7 June 2017 – 26 October 2022
        return True
    if _AHEAD.match(_SEGMENT.split(before)[-1].strip()):
        return True
    named = said.rstrip().endswith((":", "：")) and _updated().search(said) is None
    return named and _published().search(said) is not None and not _published_at(said)  # date of the hearing:


def _role_by_words(said: str) -> Role | None:
    """Return what the words before a date say of it, if they have a word for publication or for a change."""
    if _size(said) > _LONGEST_NAME:
        return None
    updated = max((found.start() for found in _updated().finditer(said)), default=-1)
    published = max(_published_at(said), default=-1)
    if updated > published:
        return "updated"
    first = published >= 0 and _size(said[:published]) <= _MOST_BEFORE_PUBLISHED
    return "published" if updated >= 0 or first else None


def _published_at(said: str) -> list[int]:
    """Return where words say that something was published."""
    return [found.start() for found in _published().finditer(said) if _says_day(found, said)]


def _says_day(found: re.Match[str], said: str) -> bool:
    """Return True if a word says that something was published; a mere "date" only without words of what beside it."""
    return found[0].casefold() not in _DATE_NOUNS or said.strip(_MARKS) == found[0]


def _is_date_line(before: str, after: str, language: str | None) -> bool:
    """Return True if a date is a line of its own, or stands with the name of a paper, a place or a record."""
    opens = _OPENS_REPORT.match(after) is not None
    short = _size(after) <= (_LONGEST_ISSUE if _ISSUE.match(after) else _LONGEST_AFTER) and not (
        after.endswith(".") and len(after) > 1
    )
    words = _without_weekday(before, language)
    if not words:
        changed = _updated().match(after) is not None and any(dates_in(after, language))
        return opens or short or changed or _SEPARATES.match(after) is not None
    if opens:
        return _is_name(words, language) or (after[0] in "电電" and _size(words) <= _LONGEST_AFTER)
    ends = after in ("", ".") or _SEPARATES.match(after) or (short and after[0] == ",")
    if not ends or _size(words) > _LONGEST_LINE:
        return False
    if _SEPARATED.search(before) or _is_name(words, language) or _is_town(before):
        return True
    clause = not lexicon.words("auxiliaries", "en").isdisjoint(words.casefold().split())
    return _record().search(words) is not None and after != "." and not clause


def _is_name(before: str, language: str | None) -> bool:
    """Return True if the words before a date are a name and a comma: "The Evening Globe,", "By Ana Belmar,"."""
    words = _BYLINE.sub("", before).replace(",", " ").split()
    ends = before.rstrip()[-1:]
    if not words or len(words) > _LONGEST_NAME or ends not in (*",،，、(", "." if len(words) == 1 else ","):
        return False
    small = lexicon.function_words(language) - lexicon.words("determiners")
    particles = lexicon.words("name_particles", "any")
    named = [word for word in words if word.casefold() not in particles]
    return all(word[0].upper() == word[0] and word.casefold() not in small for word in named)


def _is_town(before: str) -> bool:
    """Return True if the words before a date are a town whose name has small words: "Frankfurt am Main, den"."""
    place, _, rest = before.strip(_MARKS).partition(",")
    return place.casefold() in lexicon.words("places_of_some_words") and rest.strip() in ("", "den", "the")


def _without_weekday(before: str, language: str | None) -> str:
    """Return the words before a date without a weekday, a preposition or an article beside it, and without marks."""
    words = _SMALL.sub("", before.strip(_MARKS))
    names = {*weekday_names(language), *_WEEKDAYS_IN_SHORT}
    parts = [part for part in _AFTER_SPACE.split(words) if part.strip(" ,،.").casefold() not in names]
    return _SMALL.sub("", "".join(parts).strip(_MARKS))


def _size(words: str) -> int:
    """Return the number of words; in a script without spaces some characters count as a word."""
    without_spaces = len(_WITHOUT_SPACES.findall(words))
    return len(_WITHOUT_SPACES.sub(" ", words).split()) + -(-without_spaces // _PER_WORD)


_MARKS = " \t#*>_|•·-–—:([（［【\u200f"
_DATE_NOUNS = frozenset({"date", "datum", "fecha", "data", "дата"})
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)")
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_AFTER_SPACE = re.compile(r"(?<=[\s,،])")
_SEGMENT = re.compile(r"[|•·;]|(?<=\w{3})\.\s|[。／]|\s[–—-]\s")
_SEPARATES = re.compile(r"[|•·;/]")
_SEPARATED = re.compile(r"[|•·]\s*$")
_RANGE = re.compile(r"[—–-]\s*(?:\d{1,2}\W|[12]\d{3}\b)")
_OCCASION = re.compile(
    r"\s*(?:time|place|venue|location|where|uhrzeit|zeit|ort|heure|lieu|hora|lugar|ora|luogo|시간|장소|時間|場所)\s*[:：]",
    re.I,
)
_BORN = re.compile(r"生まれ|生\b|出生|誕生|死去|逝去")
_ISSUE = re.compile(r"№|(?:vol|no|nr|nº|n°|ano|año|anno|année|jahrgang|edição|edición|edition|ausgabe|issue)\b", re.I)
_OPENS_REPORT = re.compile(r"(?:\.\s?)?(?:[—–]|--?(?=\s))|:\s|[电電]")
_SMALL = re.compile(
    r"(?:^|(?<=[\s,،]))(?:วัน[^\s\d]*ที่|le|les|den|der|am|a|el|il|lo|día|on|the|lì|of|du|vom|dated|от)[\s,]*$", re.I
)
_WEEKDAYS_IN_SHORT = ("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun")  # beside a date
_AHEAD = re.compile(  # of an occasion, or of a day from or until which something holds
    r"(?:next|upcoming|future|(?:start|end|due|effective|closing|opening|expiry|event|birth) date"
    r"|date of (?:the )?(?:event|birth|expiry|effect|meeting|hearing|election)"
    r"|nächste[rns]?|kommende[rns]?|prochaine?s?|próxim[oa]s?|prossim[oaie])\b",
    re.I,
)
_BYLINE = re.compile(r"^\s*(?:by|par|von|por|da|di|de|от)\s+", re.I)
_CLOCK = (
    r"(?:at|à|a las|um|alle(?: ore)?|às|в|เวลา|,|-|–|\|)?"
    r"\s*\d{1,2}\s?(?:[:h.時时]\s?\d{2}分?(?::\d{2})?|(?=[ap]\.?m\b))"
    r"\s?(?:[ap]\.?m\.?)?\s?(?:Uhr|[A-Z]{2,4}|h|น\.)?"
)
_ANY_CLOCK = re.compile(rf"{_CLOCK}(?!\w)")
_IN_BRACKETS = re.compile(rf"(?:\s?,?\s?{_CLOCK})?\s?[)\]）］】][.。*\s]*")
_TAIL = re.compile(
    rf"^(?:T\d[\d:.+Z-]*)?(?:\s?(?:г\.|р\.|r\.|року|года))?(?:\s?,?\s?{_CLOCK}(?!\w))?(?:\s*\([^()\n]{{1,40}}\))?[)\]）］】*_\s]*"
)


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────


@cache
def _dateline() -> re.Pattern[str]:
    """Return the pattern of a dateline: a place in capitals, perhaps a state, a day and an agency, and a dash."""
    month = rf"(?:{lexicon.alternatives('months', 'en')}|{lexicon.alternatives('month_abbreviations', 'en')})\b"
    capital = r"[^\W\d_a-zà-ÿ]"
    state = rf"(?:, (?!(?i:{month}))[A-Z][\w.]*(?: [A-Z][\w.]*)*)?"
    return re.compile(
        rf"(?P<place>{capital}(?:{capital}|[.'’ -]+(?={capital})){{2,}}{state})"
        r"(?:,? \(?[\w ./]{1,30}\)?){0,2} ?(?:—|–|--| -) "
    )


@cache
def _published() -> re.Pattern[str]:
    return _words_of("publication_words")


@cache
def _updated() -> re.Pattern[str]:
    return _words_of("update_words")


@cache
def _record() -> re.Pattern[str]:
    return _words_of("record_nouns")


def _words_of(name: str) -> re.Pattern[str]:
    """Return a pattern of the entries of a list; in a script without spaces they need no space beside them."""
    return re.compile(rf"(?<![^\W\d_])(?:{lexicon.alternatives(name)})(?![^\W\d_\u0e00-\u0e7f\u3040-\u9fff])", re.I)
