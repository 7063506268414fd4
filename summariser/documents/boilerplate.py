"""Boilerplate: sentences that do not belong to the report, such as menus, share links, credits, bylines, captions."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from summariser.text.lexicon import alternatives, pattern

Boilerplate = Literal["menu", "share", "credit", "byline", "caption"]

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


@cache
def _menu() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{alternatives('menu')})\b[\s|·•>»/]*)+", re.I)


@cache
def _share() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('share_links')})\b.{{0,60}}|https?://\S+|www\.\S+", re.I)


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


def _kind(text: str) -> Boilerplate | None:
    flat = " ".join(text.split())
    if len(flat) <= 80 and _menu().fullmatch(flat):
        return "menu"
    if len(flat) <= 120 and _share().fullmatch(flat):
        return "share"
    if len(flat) <= 140 and _credit().match(flat) and not _claim().search(flat):
        return "credit"
    if len(flat) <= 200 and _BYLINE.match(flat):
        return "byline"
    if len(flat) <= 300 and _CAPTION.search(flat) and not _claim().search(flat):
        return "caption"
    return None
