"""Acronyms that a text introduces in brackets: "the Transport Drivers' Federation (TDF)"."""

import re
from functools import lru_cache

from summariser.documents import Document

_IN_BRACKETS = re.compile(r"\((?:the )?([^\W\d_][\w&.-]{1,9})\)")
_OR = re.compile(r",\s+(?:or|known as|ou|o|oder)\s+(?:the )?([A-ZÀ-Þ][A-ZÀ-Þ&.]{1,9}),")
_WORD = re.compile(r"[^\W_][^\W_]*(?:['’][^\W_]+)*")


@lru_cache(maxsize=32)
def acronyms(document: Document) -> dict[str, str]:
    """Return the names that the text introduces short forms for, by short form.

    Args:
        document: The document.
    """
    found: dict[str, str] = {}
    for sentence in document.content:
        for pattern in (_IN_BRACKETS, _OR):
            for match in pattern.finditer(sentence.text):
                short = match[1].strip(".")
                if sum(letter.isupper() for letter in short) >= 2 and (
                    name := long_form(short, sentence.text[: match.start()])
                ):
                    found.setdefault(short, name)
    return found


def long_form(short: str, before: str) -> str:
    """Return the words at the end of `before` that a short form stands for, or "".

    The algorithm matches the letters of the short form from its end backwards, and the first letter at the beginning of
    a word (A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
    text", 2003). The name must begin with a capital and be longer than the short form.

    Args:
        short: The short form.
        before: The text before the short form.
    """
    letters = [letter.casefold() for letter in short if letter.isalnum()]
    words = list(_WORD.finditer(before))[-min(len(letters) + 5, 2 * len(letters)) :]
    if not letters or not words:
        return ""
    place, low = len(before), words[0].start()
    for number, letter in reversed(list(enumerate(letters))):
        place -= 1
        while place >= low and (
            before[place].casefold() != letter or (number == 0 and place and before[place - 1].isalnum())
        ):
            place -= 1
        if place < low:
            return ""
    name = before[place:].strip(" ,")
    return name if name[:1].isupper() and len(name) > len(short) and "." not in name[-1:] else ""
