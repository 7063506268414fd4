"""Which sentences are no part of the report: menus, share links, credits, bylines, captions."""

import re
from collections.abc import Sequence
from typing import Literal

Kind = Literal["menu", "share", "credit", "byline", "caption"]

_MENU_WORDS = (
    "close|menu|home|search|share|print|save|subscribe|sign in|sign up|log in|login|register|newsletter|"
    "advertisement|advertising|sponsored|skip to content|skip to main content|read more|more|back to top|"
    "related|related articles|related stories|most read|most popular|trending|comments|show comments|"
    "accept cookies|cookie settings|next|previous|listen|watch|live|video|photos|gallery|"
    "fermer|accueil|rechercher|partager|s'abonner|se connecter|publicité|lire aussi|"
    "cerrar|inicio|buscar|compartir|suscríbete|publicidad|schließen|startseite|suche|teilen|anzeige|anmelden"
)
_MENU = re.compile(rf"(?:(?:{_MENU_WORDS})\b[\s|·•>»/]*)+", re.I)
_SHARE = re.compile(
    r"(?:share (?:this|on|via)|follow us|tweet this|copy link|partager sur|síguenos|teilen auf)\b.{0,60}"
    r"|https?://\S+|www\.\S+",
    re.I,
)
_AGENCIES = r"AFP|AP|EPA|EFE|ANSA|dpa|Reuters|REUTERS|Getty(?: Images)?|Bloomberg|Xinhua|Yonhap|TASS|Shutterstock|Alamy|PA Media|Magnum"
_CREDIT = re.compile(
    rf"(?:photo(?:graph)?s?|image|picture|credit|crédits?(?: photo)?|foto|illustration)(?: (?:by|de|von)\b|\s*:)"
    rf"|©|.{{0,60}}[/–—|]\s*(?:{_AGENCIES})\b[^.]*$|[^.]{{0,60}}\bvia (?:{_AGENCIES})\b[^.]*$|(?:AP|EPA|AFP) Photo\b",
    re.I,
)
_PERSON = r"[^\W\d_a-zß-ÿ][\w.’'-]*(?: (?:(?:de|da|van|von|bin|al|el) )?[^\W\d_a-zß-ÿ][\w.’'-]*){1,3}"
_BYLINE = re.compile(
    rf"(?:By|Par|Por|Von|Text by|Written by|Edited by|Story by) {_PERSON}(?:(?:,| and| et| y| und) .{{1,60}})?$"
    rf"|(?:Reporting|Additional reporting|Writing|Editing) by\b.*"
    rf"|{_PERSON}(?: (?:and|et|y|und) {_PERSON})? "
    r"(?:reported from|is reporting from|contributed (?:reporting )?to this|contributed reporting|a contribué à|ha contribuido a)\b.*"
    r"|(?:By|Par|Por|Von) (?:our|a) (?:staff|correspondent|diplomatic|political).{0,40}$"
)
_CAPTION = re.compile(
    r"(?:\((?:left|right|centre|center|second (?:left|right)|far (?:left|right)|top|bottom|from left|à gauche|à droite)\)"
    r"|\b(?:pool|file|handout|undated) (?:photo|picture|image)\b|\bpictured (?:here|above|below)\b|\bseen in (?:this|a) (?:photo|picture|image)\b)"
)
_TELLS = re.compile(
    r"\b(?:said|says|say|told|vowed|pledged|condemned|welcomed|warned|announced|claimed|denied|will|would|must|"
    r"agreed|promised|rejected|called|urged|ordered|showed|shows)\b"
)


def classify(sentences: Sequence[str]) -> list[Kind | None]:
    """For each sentence in order, the kind of boilerplate it is, or None where it is content.

    A text of which nothing else would be left is all content.
    """
    kinds = [_kind(text) for text in sentences]
    return kinds if None in kinds else [None] * len(kinds)


def _kind(text: str) -> Kind | None:
    flat = " ".join(text.split())
    if len(flat) <= 80 and _MENU.fullmatch(flat):
        return "menu"
    if len(flat) <= 120 and _SHARE.fullmatch(flat):
        return "share"
    if len(flat) <= 140 and _CREDIT.match(flat) and not _TELLS.search(flat):
        return "credit"
    if len(flat) <= 200 and _BYLINE.match(flat):
        return "byline"
    if len(flat) <= 300 and _CAPTION.search(flat) and not _TELLS.search(flat):
        return "caption"
    return None
