"""The cues of captions in XML: TTML and its older forms, and those of YouTube."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from summariser.documents.readers.captions.cues import Cue, plain

_COMMENT = r"<!--(?:(?!-->).)*-->"
_ROOT = re.compile(
    rf"(?:<\?xml[^>]*\?>|{_COMMENT}|\s)*<(?:(?:\w+:)?tt(?:\s[^>]*)?>\s*(?:{_COMMENT}\s*)*<(?:\w+:)?(?:head|body)\b"
    r"|transcript>\s*<text\b|timedtext[\s>])",
    re.DOTALL,
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CLOCK = re.compile(r"(\d+):(\d{2}):(\d{2}(?:[.,]\d+)?)(?:[:;](\d+))?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|m|s|ms|f|t)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_FRAMES = 30.0  # a second, if the file does not say it
_NOT_SHOWN = frozenset({"metadata", "head", "set", "animate", "agent", "desc", "title", "copyright"})


def is_timed_text(beginning: str) -> bool:
    """Return True if a file begins like TTML or captions of YouTube in XML."""
    return _ROOT.match(beginning) is not None


def of_timed_text(text: str) -> Iterator[Cue]:
    """Yield the cues of captions in XML, of a cue with several voices one for each.

    Raises:
        ParseError: The XML is damaged.
        ValueError: A time is of an unknown form, or the XML declares a document type, which may have entities.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("captions with a document type are not read")
    root = ElementTree.fromstring(_DECLARATION.sub("", text, count=1))  # noqa: S314  # it has no entities
    if _local(root.tag) == "tt":
        file = _File(root)
        yield from file.cues(root, 0.0, "")
    else:
        yield from _of_youtube(root)


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that captions in XML declare; None if they declare none."""
    found = re.search(r"<(?:\w+:)?tt\b[^>]*\bxml:lang=[\"']([A-Za-z]{2})\b", text[:4096])
    return found[1].casefold() if found else None


def _of_youtube(root: ElementTree.Element) -> Iterator[Cue]:
    """Yield the cues of the two forms of YouTube: seconds as "start" and "dur", or milliseconds as "t" and "d"."""
    for element in root.iter():
        names = {"text": ("start", "dur", 1.0), "p": ("t", "d", 0.001)}.get(element.tag)
        if names is None:
            continue
        start, length = (float(element.get(name) or 0) * names[2] for name in names[:2])
        if lines := _lines("".join(element.itertext())):
            yield Cue(start, start + length, "", lines)


@dataclass
class _File:
    """A TTML file.

    Args:
        root: Its root.
    """

    root: ElementTree.Element
    agents: Mapping[str, str] = field(init=False)
    frames: float = field(init=False)
    ticks: float = field(init=False)

    def __post_init__(self) -> None:
        parameters = {_local(name): value for name, value in self.root.attrib.items()}
        above, _, below = parameters.get("frameRateMultiplier", "1 1").replace(":", " ").partition(" ")
        rate = float(parameters.get("frameRate", _FRAMES))
        self.frames = rate * float(above) / float(below or 1)
        self.ticks = float(parameters.get("tickRate", rate if "frameRate" in parameters else 1))
        self.agents = {
            _attribute(agent, "id"): " ".join("".join(name.itertext()).split())
            for agent in self.root.iter()
            if _local(agent.tag) == "agent"
            for name in agent
            if _local(name.tag) == "name"
        }

    def cues(self, element: ElementTree.Element, since: float, voice: str) -> Iterator[Cue]:
        """Yield the cues within an element; times count from those of the elements around it."""
        start = since + self._seconds(_attribute(element, "begin"))
        voice = self._voice(element) or voice
        if _local(element.tag) == "p":
            yield from self._of_paragraph(element, since, start, voice)
            return
        for inner in element:
            if _local(inner.tag) not in _NOT_SHOWN:
                yield from self.cues(inner, start, voice)

    def _of_paragraph(self, element: ElementTree.Element, since: float, start: float, voice: str) -> Iterator[Cue]:
        inner = [self._seconds(_attribute(span, "begin")) for span in element.iter() if span is not element]
        if not _attribute(element, "begin"):
            start += min((each for each in inner if each), default=0.0)
        length = self._seconds(_attribute(element, "dur"))
        end = start + length if length else since + self._seconds(_attribute(element, "end"))
        for speaker, words in _joined(self._pieces(element, voice)):
            if lines := _lines(words):
                yield Cue(start, max(start, end), speaker, lines)

    def _pieces(self, element: ElementTree.Element, voice: str) -> Iterator[tuple[str, str]]:
        """Yield the words within an element with their speakers."""
        yield voice, " ".join((element.text or "").split("\n"))
        for inner in element:
            if _local(inner.tag) == "br":
                yield voice, "\n"
            elif _local(inner.tag) not in _NOT_SHOWN and _attribute(inner, "ruby") not in ("text", "textContainer"):
                yield from self._pieces(inner, self._voice(inner) or voice)
            yield voice, " ".join((inner.tail or "").split("\n"))

    def _voice(self, element: ElementTree.Element) -> str:
        return self.agents.get(_attribute(element, "agent").partition(" ")[0], "")

    def _seconds(self, time: str) -> float:
        """Return the seconds of a time; 0 if there is none."""
        if clock := _CLOCK.fullmatch(time.strip()):
            whole = 3600 * int(clock[1]) + 60 * int(clock[2]) + float(clock[3].replace(",", "."))
            return whole + int(clock[4] or 0) / self.frames
        if offset := _OFFSET.fullmatch(time.strip()):
            unit = {"f": 1 / self.frames, "t": 1 / self.ticks}.get(offset[2]) or _SECONDS[offset[2]]
            return float(offset[1]) * unit
        if time.strip():
            raise ValueError(f"the time {time!r} is of an unknown form")
        return 0.0


def _joined(pieces: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pieces, those that follow each other and have the same speaker as one."""
    speaker, held = "", ""
    for voice, words in pieces:
        if voice != speaker and words.strip():
            yield speaker, held
            speaker, held = voice, ""
        held += words
    yield speaker, held


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line for each in words.split("\n") if (line := plain(each)))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str:
    """Return an attribute of any namespace; "" if it is missing."""
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")
