"""The cues of captions: what WebVTT, SRT, SBV, SubStation Alpha and copied transcripts show, and when."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:(?:[.,]|:(?=\d{3}))(\d{1,3}))?"
_SIGN = r"(?:[-–—]{1,3}>|[→⟶])"
_TIMES = rf"(?=[\d:.,]+\s*-{{2,3}}>|\d+:\d+:\d+[.,:]\d){_CLOCK}\s*{_SIGN}\s*{_CLOCK}"  # 10:15 -> 10:45 is none
_ARROW = re.compile(rf"\s*{_TIMES}(?:\s.*)?")
_COMMA = re.compile(rf"\s*{_CLOCK}\s*,\s*{_CLOCK}\s*")
_SRT = re.compile(rf"\s*(?:\d+[^\S\n]*\n[^\S\n]*)?{_TIMES}")
_VTT = re.compile(r"\ufeff?WEBVTT(?:[ \t][^\n]*)?(?:\n|$)")
_SBV = re.compile(rf"\s*(?:\[[A-Z][^\n]*\n\s*)*{_CLOCK}[^\S\n]*,[^\S\n]*{_CLOCK}[^\S\n]*\n")
_ALPHA = re.compile(
    r"(?:\s|[;!][^\n]*\n)*(?:\[(?:Script Info|V4\+? Styles)\]|\[Events\]\s*(?:Format|Dialogue|Comment):"
    r"|Dialogue:\s*(?:Marked=)?\d,)",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|s|em|strong|lang|ruby|rt|font|span)(?:[.\s][^>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}", re.I)
_BREAK = re.compile(r"\[br\]|<br\s*/?>", re.IGNORECASE)
_SPEAKER = re.compile(r"\s*\d+ \"([^\"\n]+)\"(?: \(\d+\))?\s*")  # the identifier of a cue, as Webex writes it
_MUSIC = re.compile(r"[♩♪♫♬]|^#(?= .*#$)|(?<= )#$")
_FIELDS = "layer, start, end, style, name, marginl, marginr, marginv, effect, text"  # of SubStation Alpha by default
_OVERRIDES = re.compile(r"\{[^{}]*\}")
_DRAWING = re.compile(r"(\{[^{}]*\\p[1-9][^{}]*\}).*?(?=\{[^{}]*\\p0[^{}]*\}|$)")
_NOT_NAMED = "NTP"  # the name of a line of SubStation Alpha that has none
_COPIED = re.compile(
    r"\s*(?:\[(?P<square>[\d:.,]+)\]|\((?P<round>[\d:.,]+)\)|(?P<bare>(?:\d{1,2}:)?\d{1,2}:\d\d(?:[.,]\d{1,3})?))"
    r"(?:\s*[-–—|:]\s+|\s+|(?<=[\])])|$)(?P<words>.*)"
)
_LYRICS = re.compile(r"\s*\[(?:ti|ar|al|au|by|re|ve|la|length|offset|tool|#):?[^\]]*\]\s*")  # above an .lrc file
_FEWEST_COPIED = 4  # lines with a time
_LATEST_FIRST = 60.0  # seconds after which no recording begins with words
_LONGEST_STEP = 30.0  # seconds between two times of a transcript, as a rule
_LONGEST_STEP_OF_CLOCK = 10.0  # likewise, if the times may be those of a day: 00:03
_OF_CLOCK = re.compile(r"\W*\d\d:\d\d(?!:?\d)")
_SPOKEN = (2.0, 40.0)  # characters in a second, as a rule
_MOST_APART = 0.2  # of the times, with no line or with further lines
_MOST_ABOVE = 10  # lines above the first time


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown for some time.

    Attributes:
        start: The second in which they appear.
        end: The second in which they disappear.
        voice: The name of the speaker; "" if it is not given.
        lines: The lines.
        apart: True if the words are a heading, which is no part of what is said.
    """

    start: float
    end: float
    voice: str
    lines: tuple[str, ...]
    apart: bool = False


def plain(line: str) -> str:
    """Return a line without tags, entities and marks of music."""
    return " ".join(_MUSIC.sub(" ", " ".join(html.unescape(_TAG.sub("", line)).split())).split())


# ── WebVTT and SRT, SBV and SubViewer ────────────────────────────────────────────────────────────


def is_vtt(beginning: str) -> bool:
    """Return True if a file begins like WebVTT."""
    return _VTT.match(beginning) is not None


def is_srt(beginning: str) -> bool:
    """Return True if a file begins like SRT."""
    return _SRT.match(beginning) is not None


def is_sbv(beginning: str) -> bool:
    """Return True if a file begins like SBV or SubViewer: with two times and a comma between them."""
    return _SBV.match(beginning) is not None


def with_arrows(text: str) -> Iterator[Cue]:
    """Yield the cues of WebVTT or SRT, of a cue with several voices one for each."""
    lines = text.split("\n")
    timings = [number for number, line in enumerate(lines) if _ARROW.fullmatch(line)]
    for number, following in zip(timings, [*timings[1:], len(lines)], strict=False):
        end = following if following == len(lines) else _before_identifier(lines, number, following)
        shown = "\n".join(_payload(lines[number + 1 : end]))
        clock = _ARROW.fullmatch(lines[number]).groups()  # type: ignore[union-attr]
        named = _SPEAKER.fullmatch(lines[number - 1]) if number else None
        for voice, words in _voices(shown):
            if kept := _kept(words):
                yield Cue(_seconds(clock[:4]), _seconds(clock[4:8]), voice or (named[1] if named else ""), kept)


def with_commas(text: str) -> Iterator[Cue]:
    """Yield the cues of SBV or SubViewer."""
    lines = text.split("\n")
    timings = [(number, found) for number, line in enumerate(lines) if (found := _COMMA.fullmatch(line))]
    ends = [*(number for number, _ in timings[1:]), len(lines)]
    for (number, found), end in zip(timings, ends, strict=True):
        if kept := _kept(_BREAK.sub("\n", "\n".join(lines[number + 1 : end]))):
            yield Cue(_seconds(found.groups()[:4]), _seconds(found.groups()[4:]), "", kept)


def _kept(words: str) -> tuple[str, ...]:
    return tuple(line for each in words.split("\n") if (line := plain(each)))


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


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = clock
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0) + float(f"0.{fraction or 0}")


# ── SubStation Alpha ─────────────────────────────────────────────────────────────────────────────


def is_alpha(beginning: str) -> bool:
    """Return True if a file begins like SubStation Alpha."""
    return _ALPHA.match(beginning) is not None


def of_alpha(text: str) -> Iterator[Cue]:
    """Yield the cues of SubStation Alpha, each once; shadows and borders are layers with the same words."""
    names = _FIELDS.split(", ")
    shown: set[Cue] = set()
    for line in text.split("\n"):
        kind, _, values = line.partition(":")
        if kind.strip().casefold() == "format" and "text" in values.casefold():
            names = [name.strip().casefold() for name in values.split(",")]
        if kind.strip().casefold() != "dialogue":
            continue
        fields = dict(zip(names, values.split(",", len(names) - 1), strict=False))
        cue = _of_dialogue(fields)
        if cue is not None and cue not in shown:
            shown.add(cue)
            yield cue


def _of_dialogue(fields: dict[str, str]) -> Cue | None:
    """Return the cue of a line of SubStation Alpha; None if it draws, shows nothing or is damaged."""
    times = [re.fullmatch(_CLOCK, fields.get(name, "").strip()) for name in ("start", "end")]
    words = _OVERRIDES.sub("", _DRAWING.sub(r"\1", fields.get("text", "")))
    kept = _kept(re.sub(r"\\h|\\n", " ", words.replace(r"\N", "\n")))
    if times[0] is None or times[1] is None or not kept:
        return None
    name = " ".join(fields.get("name", fields.get("actor", "")).split())
    return Cue(_seconds(times[0].groups()), _seconds(times[1].groups()), "" if name == _NOT_NAMED else name, kept)


# ── transcripts that were copied from a page ─────────────────────────────────────────────────────


def is_copied(text: str) -> bool:
    """Return True if a text is words with the times at which they begin, on lines of their own or before the words.

    The times ascend in small steps from the beginning of a recording; those of a programme or a live report do not.
    """
    above, timed = _timed(text)
    if len(timed) < _FEWEST_COPIED or len(above) > _MOST_ABOVE:
        return False
    steps = [after - before for (before, _), (after, _) in pairwise(timed)]
    odd = sum(len(lines) != 1 for _, lines in timed)
    first = next(line for line in text.split("\n") if _clock_of(line))
    longest = _LONGEST_STEP_OF_CLOCK if _OF_CLOCK.match(first) else _LONGEST_STEP
    return (
        timed[0][0] < _LATEST_FIRST
        and min(steps) >= 0
        and 0 < median(steps) <= longest
        and odd <= _MOST_APART * len(timed)
        and _is_spoken(timed)
    )


def _is_spoken(timed: Sequence[tuple[float, list[str]]]) -> bool:
    """Return True if the words fit into the time until the next ones and fill it, unlike the points of a programme."""
    paces = [sum(map(len, lines)) / (end - start) for (start, lines), (end, _) in pairwise(timed) if end > start]
    worded = sum(any(map(str.isalpha, "".join(lines))) for _, lines in timed)
    return _SPOKEN[0] <= median(paces) <= _SPOKEN[1] and worded >= (1 - _MOST_APART) * len(timed)


def of_copied(text: str) -> Iterator[Cue]:
    """Yield the cues of a copied transcript; further lines below a time are the heading of the next one."""
    above, timed = _timed(text)
    first = timed[0][0] if timed else 0.0
    yield from (Cue(first, first, "", kept, apart=True) for line in above if (kept := _kept(line)))
    for (start, lines), (end, _) in zip(timed, [*timed[1:], *timed[-1:]], strict=True):
        for number, line in enumerate(lines):
            if kept := _kept(line):
                yield Cue(start if number == 0 else end, end, "", kept, apart=number > 0)


def _timed(text: str) -> tuple[list[str], list[tuple[float, list[str]]]]:
    """Return the lines above the first time, and the times with the lines behind them."""
    above: list[str] = []
    timed: list[tuple[float, list[str]]] = []
    for line in text.split("\n"):
        if _LYRICS.fullmatch(line):
            continue
        if found := _clock_of(line):
            seconds, words = found
            timed.append((seconds, [words] if words else []))
        elif line.strip() and not (timed and not timed[-1][1] and _says_time(line, timed[-1][0])):
            (timed[-1][1] if timed else above).append(line.strip())
    return above, timed


def _clock_of(line: str) -> tuple[float, str] | None:
    """Return the time at the beginning of a line, in seconds, and the words behind it; None if it has none."""
    found = _COPIED.fullmatch(line)
    clock = found and re.fullmatch(_CLOCK, found["square"] or found["round"] or found["bare"])
    return (_seconds(clock.groups()), found["words"].strip()) if found and clock else None


def _says_time(line: str, seconds: float) -> bool:
    """Return True if a line only says a time in words, as pages do for those who hear them: "1 minute, 3 seconds"."""
    numbers = re.findall(r"\d+", line)
    told = [str(part) for part in (int(seconds) // 3600, int(seconds) // 60 % 60, int(seconds) % 60)]
    return len(line.split()) <= 3 * len(numbers) and numbers in (told, told[1:], [n for n in told if n != "0"] or ["0"])
