"""Captions of all formats: cues joined to turns and sentences, with their times as places."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from summariser.documents.readers import plain_text
from summariser.documents.readers.captions import cues as formats
from summariser.documents.readers.captions import timed_text
from summariser.documents.readers.captions.cues import Cue
from summariser.documents.readers.captions.speakers import LABEL, with_speakers
from summariser.documents.readers.encodings import decode
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Place, Reading, placed
from summariser.errors import InputError

_LANGUAGE = re.compile(r"^Language:\s*([a-z]{2})\b", re.M | re.I)
_DASH = re.compile(r"[-‐‑–—―]\s*(?=[^\s\d‐‑–—―-])")
_NEXT_SPEAKER = ">>"  # the mark of captions for another speaker
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_PAUSE = 4.0  # seconds after a sentence that begin a paragraph
_AT_ONCE = 1.0  # seconds between two cues of which the second may show the words of the first again
_LOOKED_AT = 8192  # bytes by which a format is recognised
_MOST_BYTES = 50_000_000
_MOMENT = 0.05  # seconds of a cue that is too short to be read


@dataclass(frozen=True, kw_only=True)
class _Format:
    """A format of captions.

    Attributes:
        begins: Returns True if the beginning of a file is of this format.
        cues: Yields the cues of a text.
        language: Returns the language that a text declares, or None.
        copied: True if only all lines of a text show that it is of this format.
    """

    begins: Callable[[str], bool]
    cues: Callable[[str], Iterator[Cue]]
    language: Callable[[str], str | None] = lambda text: None
    copied: bool = False


def _language_of_vtt(text: str) -> str | None:
    found = _LANGUAGE.search(text.partition("\n\n")[0])
    return found[1].casefold() if found else None


def _read(data: bytes, about: About, *, format: _Format) -> Reading:
    """Return the words of captions, without numbers, times, settings and tags.

    Raises:
        InputError: There are no cues.
    """
    decoded = decode(data, source=about.source, declared=about.charset)
    text = re.sub(r"\r\n?", "\n", decoded.text.removeprefix("\ufeff"))
    if format.copied and not format.begins(text):
        return plain_text.read(data, about)
    cues = list(format.cues(text))
    if not cues:
        raise InputError(f"{about.source} has no captions; check that the file is complete.")
    notes = decoded.notes
    if any(later.start < earlier.start for earlier, later in pairwise(cues)):
        cues.sort(key=lambda cue: cue.start)
        notes += (("order_changed", "The captions were not in the order of their times, and were sorted."),)
    shown = list(with_speakers(cues if format.copied else _without_repeats(_grown(cues))))
    text, places = placed(_pieces(shown, by_sentence=format.copied))
    speakers = tuple(dict.fromkeys(cue.voice for cue in shown if cue.voice))
    language = format.language(decoded.text)
    return Reading(text=text, places=places, language=language, speakers=speakers, notes=notes)


def _grown(cues: list[Cue]) -> Iterator[Cue]:
    """Yield the cues, one for several of which each shows the line of the one before with more words."""
    held: Cue | None = None
    for cue in cues:
        if held is not None:
            line = " ".join(held.lines)
            grows = " ".join(cue.lines).startswith(f"{line} ") and " " in line and not _ENDS_SENTENCE.search(line)
            if grows and len(cue.lines) == 1 and cue.voice == held.voice and cue.start - held.end < _AT_ONCE:
                held = replace(cue, start=held.start)
                continue
            yield held
        held = cue
    if held is not None:
        yield held


def _without_repeats(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Yield the cues without the lines that roll up, so that the next cue shows them again."""
    shown: tuple[str, ...] = ()
    until = 0.0
    for cue in cues:
        rolling = cue.start - until < _AT_ONCE
        fresh = cue.lines
        brief = cue.end - cue.start <= _MOMENT
        while rolling and fresh and fresh[0] in shown and (len(fresh) > 1 or len(fresh[0].split()) > 2 or brief):
            fresh = fresh[1:]
        shown, until = cue.lines, cue.end
        if fresh:
            yield replace(cue, lines=fresh)


def _pieces(cues: Iterable[Cue], *, by_sentence: bool) -> Iterator[tuple[str, Place]]:
    """Yield the words of each cue with its time; a new speaker, a heading or a pause begins a paragraph.

    With `by_sentence` so does each cue behind the end of a sentence, which may have a label of any form. If the
    captions name speakers, one without a name has the mark ">>", so that nobody takes the words for those of the
    speaker before.
    """
    shown = list(cues)
    named = any(cue.voice or any(map(LABEL.match, cue.lines)) for cue in shown)
    before, last = "", None
    for earlier, cue in zip([None, *shown], shown, strict=False):
        place = Place(time=_clock(cue.start))
        other = earlier is not None and earlier.voice != cue.voice
        for number, line in enumerate(cue.lines):
            first, ended = number == 0, not before or _ENDS_SENTENCE.search(before) is not None
            dashed = _DASH.match(line) is not None and (ended or sum(map(bool, map(_DASH.match, cue.lines))) > 1)
            opens = first and (earlier is None or _opens_paragraph(earlier, cue) or (by_sentence and ended))
            opens = opens or dashed or _names_speaker(line, ended=ended)
            label = f"{cue.voice}: " if opens and cue.voice else ""
            if not cue.voice and ((first and other) or (dashed and named)):
                label = f"{_NEXT_SPEAKER} "
            if last is not None:
                yield "\n\n" if opens else " ", last
            yield f"{label}{_DASH.sub('', line, count=1) if label and dashed else line}", place
            before, last = line, place


def _names_speaker(line: str, *, ended: bool) -> bool:
    """Return True if a line begins with a mark or a label of a speaker, and does not go on with a sentence."""
    return line.startswith(_NEXT_SPEAKER) or ((ended or line[0].isupper()) and LABEL.match(line) is not None)


def _opens_paragraph(before: Cue, cue: Cue) -> bool:
    if before.voice != cue.voice or before.apart or cue.apart:
        return True
    return cue.start - before.end >= _PAUSE and _ENDS_SENTENCE.search(before.lines[-1]) is not None and not cue.voice


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _beginning(data: bytes) -> str:
    """Return the characters of the first bytes of a file, as far as its marks and its zero bytes tell the encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get(
            (data[:1] == b"\0", data[1:2] == b"\0"), "utf-8"
        )
    return data.decode(encoding, "ignore").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _reader(name: str, endings: set[str], format: _Format) -> Reader:
    looked_at = None if format.copied else _LOOKED_AT
    return Reader(
        name=name,
        endings=frozenset(endings),
        read=partial(_read, format=format),
        recognises=lambda data: format.begins(_beginning(data[:looked_at])),
        most_bytes=None if format.copied else _MOST_BYTES,
    )


READERS = (
    _reader("WebVTT", {".vtt"}, _Format(begins=formats.is_vtt, cues=formats.with_arrows, language=_language_of_vtt)),
    _reader("SRT", {".srt"}, _Format(begins=formats.is_srt, cues=formats.with_arrows)),
    _reader("SBV", {".sbv"}, _Format(begins=formats.is_sbv, cues=formats.with_commas)),
    _reader("SubStation Alpha", {".ass", ".ssa"}, _Format(begins=formats.is_alpha, cues=formats.of_alpha)),
    _reader(
        "TTML",
        {".ttml", ".dfxp"},
        _Format(begins=timed_text.is_timed_text, cues=timed_text.of_timed_text, language=timed_text.language_of),
    ),
    _reader("a copied transcript", {".lrc"}, _Format(begins=formats.is_copied, cues=formats.of_copied, copied=True)),
)
