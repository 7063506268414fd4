"""The speakers of captions: names in tags, in brackets and before a colon, however often a tool repeats them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from summariser.documents.readers.captions.cues import Cue
from summariser.text import has_office, is_name, is_role

LABEL = re.compile(r"[^\W\d_][\w.'’ -]{0,50}(?:[(\[][^)\]]{1,50}[)\]])?:(?:\s|$)")
"""The pattern of a label before a colon at the beginning of a line."""
_BRACKETED = re.compile(r"(?:\[(?P<square>[^\[\]]{2,50})\]|\((?P<round>[^()]{2,50})\)):?\s+(?=\w)")
_SURNAME_FIRST = re.compile(  # Belmar, Ana (Guest)
    r"(?P<surname>[^\W\d_][^,()\[\]]*), (?P<first>[^,()\[\]]*[^,()\[\]\s])(?P<more>\s*[(\[].*)?"
)
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_FEWEST_NAMES = 2  # of different speakers in brackets, each of whom speaks twice or more


def with_speakers(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Yield the cues with each label before a colon, and none that a cue repeats within a sentence.

    Names in brackets before the words, "[Ana Belmar] Thank you", become labels if several recur. A voice has the first
    name before the surname.
    """
    cues = list(cues)
    names = _names_in_brackets(cues)
    label, before = "", ""
    for cue in cues:
        lines = []
        for line in cue.lines:
            shown = line if cue.voice else _with_colon(line, names)
            found = LABEL.match(shown) if not cue.voice else None
            if found and found[0] == label and before and not _ENDS_SENTENCE.search(before):
                shown = shown[found.end() :]
            elif found or cue.voice:
                label = found[0] if found else ""
            if shown:
                lines.append(shown)
                before = shown
        if lines:
            yield replace(cue, voice=_first_name_first(cue.voice), lines=tuple(lines))


def _names_in_brackets(cues: Sequence[Cue]) -> frozenset[str]:
    """Return the names and roles that stand in brackets before the words of several cues; none if only one does."""
    found = [name for cue in cues if not cue.voice for line in cue.lines if (name := _name_in_brackets(line))]
    recurring = {name for name in found if found.count(name) > 1}
    return frozenset(found) if len(recurring) >= _FEWEST_NAMES else frozenset()


def _name_in_brackets(line: str) -> str:
    """Return the name of two words or the role in brackets before the words of a line, or ""."""
    found = _BRACKETED.match(line)
    name = (found["square"] or found["round"]).strip() if found else ""
    return name if name and ((" " in name and is_name(name, None)) or is_role(name)) else ""


def _with_colon(line: str, names: frozenset[str]) -> str:
    name = _name_in_brackets(line)
    return f"{name}: {line[_BRACKETED.match(line).end() :]}" if name in names else line  # type: ignore[union-attr]


def _first_name_first(voice: str) -> str:
    """Return a voice as "Ana Belmar (Guest)" if it is "Belmar, Ana (Guest)"."""
    found = _SURNAME_FIRST.fullmatch(voice)
    if (
        found is None
        or any(map(has_office, found.group("surname", "first")))
        or not is_name(f"{found['first']} {found['surname']}", None)
    ):
        return voice
    return f"{found['first']} {found['surname']}{found['more'] or ''}"
