"""Captions (WebVTT, SRT): cues joined to turns and sentences, with their times as places."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from summariser.documents.readers.encodings import decode
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Place, Reading, placed
from summariser.errors import InputError

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-{{2,3}}>\s*{_CLOCK}(?:\s.*)?")
_SRT = re.compile(rf"\s*\d+[^\S\n]*\n[^\S\n]*{_CLOCK}\s*-{{2,3}}>\s*{_CLOCK}")
_VTT = re.compile(r"\ufeff?WEBVTT(?:[ \t][^\n]*)?(?:\n|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|s|em|strong|lang|ruby|rt|font|span)(?:[.\s][^>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}", re.I)
_LANGUAGE = re.compile(r"^Language:\s*([a-z]{2})\b", re.M | re.I)
_DASH = re.compile(r"[-‐‑–—―]\s*(?=[^\s\d‐‑–—―-])")
_LABEL = re.compile(r"[^\W\d_][\w.'’ -]{0,50}(?:[(\[][^)\]]{1,50}[)\]])?:(?:\s|$)")
_SPEAKER = re.compile(r"\s*\d+ \"([^\"\n]+)\"(?: \(\d+\))?\s*")  # the identifier of a cue, as Webex writes it
_MUSIC = re.compile(r"[♩♪♫♬]|^#(?= .*#$)|(?<= )#$")
_NEXT_SPEAKER = ">>"  # the mark of captions for another speaker
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_PAUSE = 4.0  # seconds after a sentence that begin a paragraph
_AT_ONCE = 1.0  # seconds between two cues of which the second may show the words of the first again
_MOMENT = 0.05  # seconds of a cue that is too short to be read


@dataclass(frozen=True, slots=True)
class _Cue:
    start: float
    end: float
    voice: str
    lines: tuple[str, ...]


def read(data: bytes, about: About) -> Reading:
    """Return the words of captions, without numbers, times, settings and tags.

    Raises:
        InputError: There are no cues.
    """
    decoded = decode(data, source=about.source, declared=about.charset)
    text = re.sub(r"\r\n?", "\n", decoded.text.removeprefix("\ufeff"))
    cues = list(_cues(text))
    if not cues:
        raise InputError(f"{about.source} has no captions; check that the file is complete.")
    notes = decoded.notes
    if any(later.start < earlier.start for earlier, later in pairwise(cues)):
        cues.sort(key=lambda cue: cue.start)
        notes += (("order_changed", "The captions were not in the order of their times, and were sorted."),)
    found, places = placed(_pieces(_without_repeats(_grown(cues))))
    language = _LANGUAGE.search(text.partition("\n\n")[0])
    return Reading(text=found, places=places, language=language[1].casefold() if language else None, notes=notes)


def _cues(text: str) -> Iterator[_Cue]:
    """Yield the cues, of a cue with several voices one for each."""
    lines = text.split("\n")
    timings = [number for number, line in enumerate(lines) if "-->" in line and _TIMING.fullmatch(line)]
    for number, following in zip(timings, [*timings[1:], len(lines)], strict=False):
        end = following if following == len(lines) else _before_identifier(lines, number, following)
        shown = "\n".join(_payload(lines[number + 1 : end]))
        clock = _TIMING.fullmatch(lines[number]).groups()  # type: ignore[union-attr]
        named = _SPEAKER.fullmatch(lines[number - 1]) if number else None
        for voice, words in _voices(shown):
            kept = tuple(line for each in words.split("\n") if (line := _plain(each)))
            if kept:
                yield _Cue(_seconds(clock[:4]), _seconds(clock[4:8]), voice or (named[1] if named else ""), kept)


def _before_identifier(lines: list[str], number: int, following: int) -> int:
    """Return the number of the line that identifies the next cue, or of its timing if nothing does."""
    last = following - 1
    identifies = (
        last > number
        and lines[last].strip()
        and (lines[last].strip().isdigit() or (last - 1 > number and not lines[last - 1].strip()))
    )
    return last if identifies else following


def _payload(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a cue without the comments and styles that follow it."""
    skipping = False
    for before, line in zip(["", *lines], lines, strict=False):
        if not line.strip():
            skipping = False
        elif not before.strip() and re.match(r"(?:NOTE|STYLE|REGION|WEBVTT)\b", line):
            skipping = True
        if not skipping:
            yield line


def _voices(text: str) -> Iterator[tuple[str, str]]:
    parts = _VOICE.split(text)
    yield "", parts[0]
    for voice, words in zip(parts[1::2], parts[2::2], strict=True):
        yield " ".join(html.unescape(voice).split()), words


def _plain(line: str) -> str:
    return " ".join(_MUSIC.sub(" ", " ".join(html.unescape(_TAG.sub("", line)).split())).split())


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = clock
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0) + float(f"0.{fraction or 0}")


def _grown(cues: list[_Cue]) -> Iterator[_Cue]:
    """Yield the cues, one for several of which each shows the line of the one before with more words."""
    held: _Cue | None = None
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


def _without_repeats(cues: Iterable[_Cue]) -> Iterator[_Cue]:
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


def _pieces(cues: Iterator[_Cue]) -> Iterator[tuple[str, Place]]:
    """Yield the words of each cue with its time; a new speaker or a pause begins a paragraph.

    If the captions name speakers, one without a name has the mark ">>", so that nobody takes the words for those of the
    speaker before.
    """
    shown = list(cues)
    named = any(cue.voice or any(map(_LABEL.match, cue.lines)) for cue in shown)
    before, last = "", None
    for earlier, cue in zip([None, *shown], shown, strict=False):
        place = Place(time=_clock(cue.start))
        other = earlier is not None and earlier.voice != cue.voice
        for number, line in enumerate(cue.lines):
            first, ended = number == 0, not before or _ENDS_SENTENCE.search(before) is not None
            dashed = _DASH.match(line) is not None and (ended or sum(map(bool, map(_DASH.match, cue.lines))) > 1)
            opens = first and (earlier is None or _opens_paragraph(earlier, cue))
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
    return line.startswith(_NEXT_SPEAKER) or ((ended or line[0].isupper()) and _LABEL.match(line) is not None)


def _opens_paragraph(before: _Cue, cue: _Cue) -> bool:
    if before.voice != cue.voice:
        return True
    return cue.start - before.end >= _PAUSE and _ENDS_SENTENCE.search(before.lines[-1]) is not None and not cue.voice


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _is_vtt(data: bytes) -> bool:
    return _VTT.match(_beginning(data)) is not None


def _is_srt(data: bytes) -> bool:
    return _SRT.match(_beginning(data)) is not None


def _beginning(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data[:2048].decode(encoding, "ignore").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


WEBVTT = Reader(name="WebVTT", endings=frozenset({".vtt"}), read=read, recognises=_is_vtt, most_bytes=50_000_000)
SRT = Reader(name="SRT", endings=frozenset({".srt"}), read=read, recognises=_is_srt, most_bytes=50_000_000)
