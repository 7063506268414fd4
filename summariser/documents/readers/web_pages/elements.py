"""What the elements of an HTML page say of the text in them: its rank, what it stands in, what its classes call it."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Any

BESIDE = frozenset({"nav", "aside", "footer"})
ASIDE = BESIDE | {"form", "figure", "figcaption"}
_HEADLINES = frozenset({"h1", "h2", "h3"})
_FOREIGN = frozenset(  # words in the names of classes
    "ad ads advert advertisement alert author banner bio breadcrumb byline caption card comment comments "
    "consent cookie copyright credit dialog disclaimer footer form gallery login meta modal nav "
    "newsletter paywall player popular popup promo promotion recirculation recommend recommendation "
    "recommended register related share sharing sidebar signup slider slideshow social sponsor sponsored "
    "subscribe subscription tags teaser toolbar trending widget".split()
)
_ADVERTS = frozenset(
    "ad ads adv advert advertisement advertising anzeige newsletter promo publicidad publicidade publicite pubblicita "
    "reklam reklama sponsored werbung donate donation donations orphus permalink".split()
)
_NEIGHBOURS = frozenset({"next", "previous", "prev"}), frozenset({"article", "post", "story", "beitrag", "artikel"})
_PICTURES = frozenset("bild foto image img media photo pic picture".split())
_DESCRIPTIONS = frozenset("beschreibung desc descr description legend".split())
_CAPTIONS = frozenset(
    "bildtext bildunterschrift caption didascalia figcaption legenda legende onderschrift piefoto thumbcaption".split()
)
_TRAILS = frozenset({"breadcrumb", "breadcrumbs"})
_EMBEDDED = frozenset("embed embedded facebook instagram mastodon reddit social tiktok tweet twitter".split())
_LARGEST = frozenset({"main", "body", "html"})
_DEEPEST_IN_TEASER = 4
_LINKED_HEADING = "descendant-or-self::a[@href][.//h2 or .//h3 or .//h4 or .//h5 or .//h6] | " + " | ".join(
    f".//h{rank}//a[@href]" for rank in range(2, 7)
)
_BIOGRAPHIES = frozenset({"bio", "biography"})
_COMMENTS = frozenset({"comment", "comments", "disqus"})
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+")
_MOST_HELD = 0.8  # of the blocks of an article, that its holder has


def rank_of(element: Any) -> str | None:
    """Return the name of the heading that an element is or stands in, of the first three ranks; None without one."""
    return next((each.tag for each in (element, *islice(element.iterancestors(), 3)) if each.tag in _HEADLINES), None)


def within(element: Any, tags: frozenset[str]) -> bool:
    """Return True if an element, or one around it, has one of some names."""
    return element.tag in tags or any(each.tag in tags for each in element.iterancestors())


def may_date(element: Any) -> bool:
    """Return True if a line may give the day of publication: it is no caption and no row of a table with labels."""
    return element.find("th") is None and not within(element, frozenset({"figure", "figcaption"}))


def common_holder(elements: Sequence[Any]) -> Any:
    """Return the innermost element that holds most of some elements, or None."""
    held = Counter(each for element in elements for each in element.iterancestors())
    most = [each for each, count in held.items() if count >= _MOST_HELD * len(elements)]
    return max(most, key=lambda each: sum(1 for _ in each.iterancestors()), default=None)


def belongs(element: Any, holder: Any) -> bool:
    """Return True if an element stands in a holder, and nothing between them is known to be foreign."""
    inner = [element, *takewhile(lambda each: each is not holder, element.iterancestors())]
    return inner[-1].getparent() is holder and not any(
        each.tag in ASIDE - {"aside"} or is_named_foreign(each) for each in inner
    )


def is_named_foreign(element: Any) -> bool:
    """Return True if the classes of an element call it something that is no part of an article."""
    return not _FOREIGN.isdisjoint(_own_words(element))


def is_named_beside(element: Any) -> bool:
    """Return True if the classes of an element call it an advertisement, a caption, a note on the author or a link."""
    words = _own_words(element)
    is_neighbour = not any(map(words.isdisjoint, _NEIGHBOURS))
    return is_neighbour or _names_caption(words) or not (_ADVERTS | _BIOGRAPHIES).isdisjoint(words)


def is_in_trail(element: Any) -> bool:
    """Return True if an element stands in a trail of links to the sections above a page: "Home > Ports"."""
    return any(not _TRAILS.isdisjoint(_own_words(each)) for each in (element, *element.iterancestors()))


def is_named_embedded(element: Any) -> bool:
    """Return True if the classes of an element call it a post of another site."""
    return not _EMBEDDED.isdisjoint(_own_words(element))


def has_mail_form(element: Any) -> bool:
    """Return True if an element directly has a form that asks for an address, such as one for a newsletter."""
    return any(form.find(".//input[@type='email']") is not None for form in element.iterchildren("form"))


def is_caption(element: Any) -> bool:
    """Return True if an element, or one around it, is a caption of a picture or is named one."""
    around = (element, *element.iterancestors())
    return any(each.tag == "figcaption" or _names_caption(_own_words(each)) for each in around)


def _names_caption(words: set[str]) -> bool:
    is_description = not words.isdisjoint(_PICTURES) and not words.isdisjoint(_DESCRIPTIONS)
    return is_description or not _CAPTIONS.isdisjoint(words)


def is_pulled_quotation(element: Any) -> bool:
    """Return True if the classes of an element, or of one around it, call it a quotation that is set apart."""
    around = [_own_words(each) for each in (element, *element.iterancestors())]
    return any("pullquote" in words or {"pull", "quote"} <= words for words in around)


def is_in_teaser(element: Any, holder: Any) -> bool:
    """Return True if an element stands in a small box that has a linked heading, below a holder."""
    inner = takewhile(lambda each: each is not holder and each.tag not in _LARGEST, element.iterancestors())
    return any(each.xpath(_LINKED_HEADING) for each in islice(inner, _DEEPEST_IN_TEASER))


def is_biography(element: Any) -> bool:
    """Return True if the classes of an element, or of one around it, call it a note on the author."""
    return any(not _BIOGRAPHIES.isdisjoint(_own_words(each)) for each in (element, *element.iterancestors()))


def is_named_comment(element: Any) -> bool:
    """Return True if the classes of an element, or of one around it, call it a comment of a reader."""
    return any(not _COMMENTS.isdisjoint(_own_words(each)) for each in (element, *element.iterancestors()))


def _own_words(element: Any) -> set[str]:
    names = [element.get(name) or "" for name in ("class", "id", "itemprop", "role")]
    return {word.casefold() for name in names for word in _CLASS_WORD.findall(name)}


def class_words(element: Any) -> set[str]:
    """Return the words in the classes of an element and of the element around it."""
    parent = element.getparent()
    names = [each.get(name) or "" for each in (element, parent) if each is not None for name in ("class", "itemprop")]
    return {word.casefold() for name in names for word in _CLASS_WORD.findall(name)}


def markup_of(element: Any) -> tuple[str, str, str] | None:
    """Return the markup of a paragraph: its classes and the element around it; None without any class."""
    parent = element.getparent()
    if element.tag != "p" or parent is None:
        return None
    classes = element.get("class") or "", parent.get("class") or ""
    return (parent.tag, *classes) if any(classes) else None
