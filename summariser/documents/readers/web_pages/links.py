"""Lines of an HTML page that are only links to other pages, alone or in lists with dates, and the headings of these."""

import re
from functools import cache

from summariser.documents.publication import is_date_line
from summariser.documents.readers.web_pages.metadata import words_of
from summariser.documents.readers.web_pages.sentences import SENTENCE_END
from summariser.documents.readers.web_pages.shown import Line
from summariser.text.lexicon import alternatives

_LINK_WORDS = 4  # fewest words of a link to another page
_MANY_WORDS = 6  # of a shorter link, beside a count
_SHORTEST_LINK, _LONGEST_LINK = 15, 160  # characters of one
_LONGEST_COUNT = 15  # characters beside one, such as "12 comments"
_LINKED = 0.9  # of the characters of a link to another page, without the label before it
_SENTENCES = re.compile(rf"{SENTENCE_END.pattern}|\w\.\s\w")
_COUNT = re.compile(r"[^\W\d_]\W*\b\d+\b|\b\d+\s+[^\W\d_]{3}")
_STAMP = re.compile(r"[\W_]*\d{1,4}[./:年-]\d{1,2}[\d./:年月日\W_]*")


def is_link(line: Line) -> bool:
    """Return True if a line is only a link to another page, such as a label and the headline of another report."""
    if not _SHORTEST_LINK <= len(line.text) <= _LONGEST_LINK or len(words_of(line.text)) < _LINK_WORDS:
        return False
    label = _labelled().match(line.text)
    if label:
        return line.linked >= _LINKED * (len(line.text) - label.end())
    return line.linked >= _LINKED * len(line.text) and not _SENTENCES.search(line.text)


def is_dated_link(line: Line, language: str | None) -> bool:
    """Return True if a line is a link to another page and a date, a time or a count, as in lists of recent reports."""
    if not line.linked or len(line.text) > _LONGEST_LINK:
        return False
    if is_stamp(line.plain, language):
        return True
    has_count = len(line.plain) <= _LONGEST_COUNT and _COUNT.search(line.plain) is not None
    words = len(words_of(line.text)) - len(words_of(line.plain))
    return has_count and (line.linked >= _SHORTEST_LINK or words >= _MANY_WORDS) and not _SENTENCES.search(line.text)


def is_stamp(text: str, language: str | None) -> bool:
    """Return True if a text is only a date or a time."""
    return _STAMP.fullmatch(text) is not None or is_date_line(text.strip("()[]{}|-–— "), language)


def leads_elsewhere(line: Line, language: str | None) -> bool:
    """Return True if a line is only a link to another page, alone or with a date."""
    return is_link(line) or is_dated_link(line, language)


@cache
def _labelled() -> re.Pattern[str]:
    """Return the pattern of a label before a link to another report: "Read more: "."""
    return re.compile(rf"[>→▶\s]*(?:{alternatives('link_labels')})\s*[:|：]\s*", re.I)
