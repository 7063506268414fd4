"""The title of a PDF, as a reader of its first page sees it."""

import re
from collections.abc import Iterator, Sequence

from summariser.documents.publication import find_date
from summariser.documents.readers.pdf.lines import Line, ends_sentence, is_unspaced
from summariser.text import lexicon

_TITLE_SIZE = 1.25  # of the usual size; a title is larger
_LARGE = 0.85  # of the size of the largest heading; the first that is as large is the title
_SHORTEST_TITLE, _LONGEST_TITLE = 8, 250  # characters; one that is as wide as two counts twice
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff]")
_HEADING_SIZE = 1.1  # of the usual size; a heading is larger, or bold
_FEWEST_WORDS = 5  # of a headline below the name of its publisher
_LONGEST_NAME = 5  # words of the name of a publisher or of a kind of document
_SHORTEST_WORD = 4  # letters of a word that tells names from headlines
_WHOLE = 4  # words of a title in the metadata that need not be that of the largest heading
_OF_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint) - |\.(?:docx?|odt|rtf|pdf|indd|html?)$", re.IGNORECASE)
_SITE = re.compile(r"\s+[-–—|·:]\s+[^-–—|·:]{2,40}$")
_LETTERHEAD = re.compile(r"@|www\.|\d{4}\b|\d/\d|\btel\b", re.IGNORECASE)  # dates, numbers, addresses
_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s|(?:table|fig(?:ure|\.)|chart|annex|part)\s", re.IGNORECASE)
_CONTACT = re.compile(r"@|https?:|www\.|\btel\b", re.IGNORECASE)


def title_of(pages: Sequence[Sequence[Line]], stated: str | None) -> str | None:
    """Return the title: the stated one if the first page has it, or else the first of its largest headings.

    A larger name of the publisher, or of the kind of document, above the headline is no title.

    Args:
        pages: The lines of each page.
        stated: The title in the metadata, where programs leave the names of files and sites, or None.
    """
    first = next((list(lines) for lines in pages if lines), [])
    seen = _seen_title(pages, first)
    beginning = _joined([line.text for lines in pages[:3] for line in lines])[:3000].casefold()
    names = [_OF_PROGRAM.sub("", " ".join((stated or "").split()))]
    names.append(_SITE.sub("", names[0]))
    for name in names:
        is_whole = len(name.split()) >= _WHOLE or len(_WIDE.findall(name)) >= _SHORTEST_TITLE
        if name and name.casefold() in beginning and (is_whole or seen is None or name.casefold() == seen.casefold()):
            return name
    return seen


def _seen_title(pages: Sequence[Sequence[Line]], first: Sequence[Line]) -> str | None:
    """Return the lines of the largest size on the first page with text, if they are headings; else None."""
    sizes = sorted(line.size for lines in pages[:20] for line in lines for _ in line.text)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    blocks = list(_blocks(first))
    titles = [(number, *found) for number, block in enumerate(blocks) if (found := _title_in(block, usual))]
    large = [(number, size, title) for number, size, title in titles if size >= _TITLE_SIZE * usual]
    largest = max((size for _, size, _ in large), default=0.0)
    found = next(((number, title) for number, size, title in large if size > _LARGE * largest), None)
    if found is None:
        return None
    number, title = found
    below = [(at, other) for at, size, other in titles if at > number and size <= largest]
    return _headline_below(title, [(other, blocks[number + 1 : at]) for at, other in below])


def _headline_below(title: str, below: Sequence[tuple[str, Sequence[Sequence[Line]]]]) -> str:
    """Return the headline below the names of publishers, or the title if it is none of those.

    Args:
        title: The first of the largest headings.
        below: The headings below it, each with the blocks of lines between the title and it.
    """
    for heading, between in below:
        is_letterhead = any(_LETTERHEAD.search(line.text) for block in between for line in block)
        if _has_prose(between) or not _is_publisher(title, is_letterhead=is_letterhead):
            return title
        if _is_publisher(heading, is_letterhead=False):
            continue
        return heading if _is_headline(heading) else title
    return title


def _is_publisher(title: str, *, is_letterhead: bool) -> bool:
    """Return True if a large heading is a short name: that of a body, a kind of document or a letterhead."""
    words = re.findall(r"[^\W\d_]+", title)
    small = [word for word in words if word.islower() and len(word) >= _SHORTEST_WORD]
    if len(words) > _LONGEST_NAME or small or not words:
        return False
    nouns = lexicon.words("organisation_nouns") | lexicon.words("outlet_words")
    is_body = not nouns.isdisjoint(word.casefold() for word in words) or _names_place(title)
    return is_letterhead or is_body or _kind().fullmatch(title) is not None


def _is_headline(title: str) -> bool:
    is_long = len(title.split()) >= _FEWEST_WORDS or len(_WIDE.findall(title)) >= _SHORTEST_TITLE
    is_other = title.endswith((".", "。", ":", ";", ",")) or _NUMBERED.match(title) or _CONTACT.search(title)
    return is_long and not (is_other or title[:1].islower() or find_date(title))


def _has_prose(blocks: Sequence[Sequence[Line]]) -> bool:
    return any(ends_sentence(block[-1]) and len(block) > 1 for block in blocks)


def _names_place(title: str) -> bool:
    """Return True if a heading is the name of a town or a court: "City of" and a name in capitals."""
    found = _of_letterhead().match(title)
    return found is not None and title[found.end() :][:1].isupper()


def _of_letterhead() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon.alternatives('public_bodies_of_letterheads')})\s+", re.IGNORECASE)


def _kind() -> re.Pattern[str]:
    names = lexicon.alternatives("kinds_of_documents")
    return re.compile(rf"(?:{names})\W*(?:n[or]?[.°º]?\s*)?[\d/\W]*", re.IGNORECASE)


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the runs of lines of one size that stand near each other."""
    block: list[Line] = []
    for line in lines:
        near = bool(block) and -line.size < line.top - block[-1].bottom < line.size / 2
        if block and (not near or round(line.size, 1) != round(block[-1].size, 1)):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _joined(texts: Sequence[str]) -> str:
    """Return texts as one, with spaces unless their script sets none."""
    whole = ""
    for text in texts:
        whole += ("" if not whole or is_unspaced(whole[-1] + text[:1]) else " ") + text
    return whole


def _title_in(block: Sequence[Line], usual: float) -> tuple[float, str] | None:
    """Return the size and the words of lines that may be a title: large or bold, no cells, of some words; else None."""
    title = _joined([line.text for line in block])
    wide = len(_WIDE.findall(title))
    short = len(title) + wide < _SHORTEST_TITLE or (len(title.split()) < 2 and not wide)
    is_large = block[0].size >= _HEADING_SIZE * usual or all(all(line.bold) for line in block)
    if not is_large or short or len(title) > _LONGEST_TITLE or any(line.tabular for line in block):
        return None
    return block[0].size, title
