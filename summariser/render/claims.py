"""Checked claims for people: text for a terminal, Markdown, and one self-contained HTML page."""

from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding

from summariser.render.markdown import escape
from summariser.render.pieces import Piece, pieces
from summariser.render.terminal import MARK_STYLES, Text
from summariser.render.view import MARK_NAMES, Mark
from summariser.text import printable


@dataclass(frozen=True, slots=True)
class CheckedField:
    """What a source says of one field: the field's name, the outcome and the reason."""

    name: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim with its verdict.

    Attributes:
        id: Its id or number.
        text: Its text.
        mark: ✓, ? or ✗.
        reason: Why the source does not support it, as a sentence; empty if it does.
        source: The name of the source.
        where: The numbers of the sentences of the evidence.
        spans: The places of the evidence in the source's text, as (start, end).
        fields: What the source says of each field.
    """

    id: str
    text: str
    mark: Mark
    reason: str
    source: str
    where: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    fields: tuple[CheckedField, ...]

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return MARK_NAMES[self.mark]


@dataclass(frozen=True, slots=True)
class CheckedClaims:
    """Claims with their verdicts, and the sources.

    Attributes:
        claims: The claims in order.
        sources: The texts of the sources by name.
        notes: What a reader should know of how each source was read, as sentences by the source's name.
    """

    claims: tuple[CheckedClaim, ...]
    sources: dict[str, str]
    notes: dict[str, tuple[str, ...]]

    @property
    def tally(self) -> str:
        """How many claims have each verdict, as a sentence."""
        marks: tuple[Mark, ...] = ("✓", "?", "✗")
        counts = {mark: sum(claim.mark == mark for claim in self.claims) for mark in marks}
        counted = ", ".join(f"{count} {MARK_NAMES[mark]}" for mark, count in counts.items() if count)
        return f"{len(self.claims)} claims: {counted}." if len(self.claims) != 1 else f"1 claim: {counted}."

    def pieces(self, source: str) -> list[Piece]:
        """Return a source's text cut at the ends of all evidence."""
        text = self.sources[source]
        spans = [(start, end, each.id) for each in self.claims if each.source == source for start, end in each.spans]
        return pieces(text, 0, len(text), spans)


def print_claims(checked: CheckedClaims, console: Console) -> None:
    """Print each claim with its mark, its place and the reason, then how many there are of each verdict."""
    for claim in checked.claims:
        line = Text(f"{claim.mark} ", style=MARK_STYLES[claim.mark])
        line.append(claim.text, style="default")
        line.append(f"  {_place(claim, checked)}", style="dim")
        console.print(line)
        if claim.reason:
            console.print(Padding(Text(claim.reason, style=MARK_STYLES[claim.mark]), (0, 0, 0, 2)))
    console.print()
    console.print(Text(checked.tally, style="bold"))


def _place(claim: CheckedClaim, checked: CheckedClaims) -> str:
    """Return the sentences of the evidence, such as "[3, 4]", with the source if there are several."""
    numbers = f"[{', '.join(map(str, claim.where)) or '–'}]"
    return f"{printable(claim.source)} {numbers}" if len(checked.sources) > 1 else numbers


def claims_to_markdown(checked: CheckedClaims) -> str:
    """Return the claims as a Markdown list; the words of claims and sources are escaped."""
    lines = [escape(checked.tally), ""]
    for claim in checked.claims:
        lines.append(f"- {claim.mark} **{claim.verdict}**: {escape(claim.text)} — {escape(_place(claim, checked))}")
        lines += [f"  - {escape(claim.reason)}"] if claim.reason else []
    return "\n".join(lines) + "\n"


def claims_to_html(checked: CheckedClaims) -> str:
    """Return one self-contained HTML page: each claim with its checks, and the sources with the passages marked."""
    from summariser.render.page import template

    return template("claims.html").render(checked=checked) + "\n"
