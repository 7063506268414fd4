"""Boilerplate: sentences that do not belong to the report: menus, share links, credits, bylines, captions, notices."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from summariser.text.lexicon import alternatives, pattern, words

Boilerplate = Literal["menu", "share", "credit", "byline", "caption", "notice"]

_PERSON = r"[^\W\d_a-zß-ÿ][\w.’'-]*(?: (?:(?:de|da|van|von|bin|al|el) )?[^\W\d_a-zß-ÿ][\w.’'-]*){1,3}"
_BYLINE = re.compile(
    rf"(?:By|Par|Por|Von|Text by|Written by|Edited by|Story by) {_PERSON}(?:(?:,| and| et| y| und) .{{1,60}})?$"
    rf"|(?:Reporting|Additional reporting|Writing|Editing) by\b.*"
    rf"|{_PERSON}(?: (?:and|et|y|und) {_PERSON})? "
    r"(?:reported from|is reporting from|contributed (?:reporting )?to this|contributed reporting|"
    r"a contribué à|ha contribuido a)\b.*"
    r"|(?:By|Par|Por|Von) (?:our|a) (?:staff|correspondent|diplomatic|political).{0,40}$"
)
_CAPTION = re.compile(
    r"(?:\((?:left|right|centre|center|second (?:left|right)|far (?:left|right)|top|bottom|from left|"
    r"à gauche|à droite)\)"
    r"|\b(?:pool|file|handout|undated) (?:photo|picture|image)\b|\bpictured (?:here|above|below)\b"
    r"|\bseen in (?:this|a) (?:photo|picture|image)\b)"
)


_LONGEST_NOTICE = 250  # characters
_LONGEST_WALL = 120  # likewise, of words on a pay wall
_LONG = 4, 8  # words, or else letters, of a phrase on a pay wall that others may follow
_END = re.compile(r"[-(*#\s]*(?:ENDS?|FIN|ENDE|###)[-)*#\s]*")
_LENGTH = re.compile(r"(?:\d{1,2}[./]\d{1,2}[./]\d{4}\s*[|·,]\s*)?\d{1,3}:\d\d\s*(?:min|Min|мин)\b.{0,40}")
_KEYS = r"\b(?:ctrl|strg|cmd)\s*\+\s*(?:enter|eingabe|entrée|intro|invio|return)\b"  # that report a mistake
_ACCOUNT = r"(?:[^\W\d_]+[ :]+){0,2}\bIBAN\b[ :]*[A-Z]{2}\d\d|(?:paypal|facebook|twitter|instagram|telegram)\s*:\s*\S+$"
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_QUOTED = re.compile(r"[\"“„«‘‚「『]")


@cache
def _menu() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{alternatives('menu')})\b[\s|·•>»/]*)+|(?:{alternatives('link_labels')})\s*:?", re.I)


@cache
def _notice() -> re.Pattern[str]:
    """Return the pattern of a sentence in which a page speaks to its readers."""
    return re.compile(
        rf"[^\w©]*(?:{alternatives('notice_openings')})(?![^\W\d_\u3040-\uffff])"
        rf"|(?=.*?(?:{alternatives('notice_phrases')})(?![^\W\d_\u3040-\uffff]))"
        rf"|(?=.*?{_KEYS})(?=.*?(?:{alternatives('misprint_words')}))"
        rf"|{_ACCOUNT}",
        re.I | re.S,
    )


@cache
def _pay_wall() -> re.Pattern[str]:
    phrases = sorted(words("pay_wall_phrases"), key=len, reverse=True)
    long = [each for each in phrases if len(each.split()) >= _LONG[0] or (" " not in each and len(each) >= _LONG[1])]
    short, longer = ("|".join(map(re.escape, each)) for each in (phrases, long))
    return re.compile(rf"\W*(?:(?:{short})\W*|(?:{longer})(?![^\W\d_\u3040-\uffff]).*)", re.I)


@cache
def _reading_time() -> re.Pattern[str]:
    labels = alternatives("reading_time_words")
    return re.compile(rf"(?:{labels})\s*:?\s*\d{{1,3}}\s?[\w.]{{0,10}}|\d{{1,3}}[\s-]?(?:{labels})", re.I)


@cache
def _share() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('share_links')})\b.{{0,60}}|https?://\S+|www\.\S+|\S+@[\w-]+\.[\w.-]+", re.I)


@cache
def _credit() -> re.Pattern[str]:
    agencies = f"{alternatives('news_agencies')}|{alternatives('picture_agencies')}"
    return re.compile(
        rf"(?:{alternatives('credit_words')})(?: (?:by|de|von)\b|\s*:)|©"
        rf"|.{{0,60}}[/–—|]\s*(?:{agencies})\b[^.]*$|[^.]{{0,60}}\bvia (?:{agencies})\b[^.]*$"
        r"|(?:AP|EPA|AFP) Photo\b",
        re.I,
    )


@cache
def _claim() -> re.Pattern[str]:
    """Return the pattern of verbs that report news."""
    return pattern("news_verbs", "en", flags=re.NOFLAG)


def classify(sentences: Sequence[str]) -> list[Boilerplate | None]:
    """Return the kind of boilerplate of each sentence, or None for content.

    If every sentence looks like boilerplate, all of them are content.
    """
    kinds = [_kind(text) for text in sentences]
    return kinds if None in kinds else [None] * len(kinds)


def is_notice(text: str) -> bool:
    """Return True if a short line is a notice of a page to its readers, or has a sentence that begins like one."""
    flat = " ".join(text.split())
    return len(flat) <= _LONGEST_NOTICE and (_is_notice(flat) or any(map(_is_notice, _SENTENCE_ENDS.split(flat)[1:])))


def is_pay_wall(text: str) -> bool:
    """Return True if a text is a short phrase such as "For subscribers only", or begins with a longer one."""
    flat = " ".join(text.split())
    return 0 < len(flat) <= _LONGEST_WALL and _pay_wall().fullmatch(flat) is not None


def _kind(text: str) -> Boilerplate | None:
    flat = " ".join(text.split())
    return next((kind for kind, longest, fits in _RULES if len(flat) <= longest and fits(flat)), None)


def _is_credit(flat: str) -> bool:
    return _credit().match(flat) is not None and not _claim().search(flat)


def _is_time(flat: str) -> bool:
    return any(pattern.fullmatch(flat) for pattern in (_LENGTH, _reading_time()))


def _is_notice(flat: str) -> bool:
    return not _QUOTED.match(flat) and (_notice().match(flat) is not None or is_pay_wall(flat))


def _is_caption(flat: str) -> bool:
    return _CAPTION.search(flat) is not None and not _claim().search(flat)


_RULES: tuple[tuple[Boilerplate, int, Callable[[str], object]], ...] = (
    ("menu", 80, lambda flat: _menu().fullmatch(flat)),
    ("share", 120, lambda flat: _share().fullmatch(flat)),
    ("credit", 140, _is_credit),
    ("notice", 20, _END.fullmatch),
    ("notice", 60, _is_time),
    ("notice", _LONGEST_NOTICE, _is_notice),
    ("byline", 200, _BYLINE.match),
    ("caption", 300, _is_caption),
)
"""The kinds, the most characters of a sentence of each, and the rule that tells it; the first that fits counts."""
