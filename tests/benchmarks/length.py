"""Texts of 25,000, 50,000 and 100,000 words: what reading, linking and checking the seed's claims in them takes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from summariser.documents.document import Document
from summariser.evals.run import Job, answers_of
from summariser.evals.suite import Suite
from summariser.grounding import ground
from summariser.linking import link
from tests.benchmarks.measuring import Row, seconds
from tests.benchmarks.texts import long_text
from tests.conftest import ROOT

_SIZES = (25_000, 50_000, 100_000)  # words
_PER_WORD = 7  # characters, more than a word and its space have
_WIDTH, _HEIGHT, _MARGIN = 480, 300, 48


def measured(picture: Path | None = None) -> Iterator[Row]:
    """The seconds a thousand words of each size against those of the smallest; drawn if a picture is asked for."""
    suite = Suite.load(ROOT / "evals")
    case = next(each for each in suite.cases if each.id == "seed")
    answered = answers_of(Job(suite=suite, cases=(case,), prompt=suite.prompt("brief@3"), model="openai/claude"), case)

    def work(text: str) -> None:
        document = Document.from_text(text)
        ground(link(answered.draft, document, completing=False), document, answered.extraction)

    points: list[tuple[int, float]] = []
    for size in _SIZES:
        text = " ".join(long_text(size * _PER_WORD).split(" ")[:size])
        points.append((size, seconds(lambda text=text: work(text))))  # type: ignore[misc]
        paces = (1000 * taken / words for words, taken in (points[-1], points[0]))
        yield Row(f"a text of {size:,} words", f"of {_SIZES[0]:,}", "s/1,000 words", *paces)
    if picture is not None:
        picture.write_text(drawn(points), "utf-8")


def drawn(points: Sequence[tuple[int, float]]) -> str:
    """An SVG of seconds by words, with the line through the origin and the first point."""
    most_words, most_seconds = points[-1][0], max(seconds for _, seconds in points) * 1.1

    def at(words: float, taken: float) -> tuple[float, float]:
        x = _MARGIN + (_WIDTH - 2 * _MARGIN) * words / most_words
        return round(x, 1), round(_HEIGHT - _MARGIN - (_HEIGHT - 2 * _MARGIN) * taken / most_seconds, 1)

    pace = points[0][1] / points[0][0]
    (x0, y0), (x1, y1) = at(0, 0), at(most_words, most_words * pace)
    marks = "".join(
        f'<circle cx="{x}" cy="{y}" r="4" fill="#1a6"/>'
        f'<text x="{x}" y="{y - 10}" text-anchor="middle">{taken:.1f} s</text>'
        f'<text x="{x}" y="{_HEIGHT - _MARGIN + 20}" text-anchor="middle">{words:,} words</text>'
        for words, taken in points
        for x, y in [at(words, taken)]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
        "<title>Seconds to read, link and check by words of the text</title>"
        f'<path d="M{x0} {_MARGIN}V{y0}H{_WIDTH - _MARGIN}" fill="none" stroke="#888"/>'
        f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#999" stroke-dasharray="4 4"/>{marks}</svg>\n'
    )
