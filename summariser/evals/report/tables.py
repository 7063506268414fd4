"""The tables of a run and of a comparison, once, for every view that shows tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from summariser.evals.compare import Comparison
from summariser.evals.report.rows import Row, figure, with_interval
from summariser.evals.statistics import Difference


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and rows of texts; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def run_tables(rows: Sequence[Row]) -> list[Table]:
    """How good, what was found and what was read, and what else there is to know."""
    return [
        Table(
            "Right in every critical field (strict) and merely met (detection); F1 [95% interval]; floor: a dozen cue "
            "words; ceiling: two annotators; claims: the last three kinds together",
            ("kind", "gold", "strict F1", "floor", "ceiling", "detection F1", "floor", "ceiling"),
            tuple(
                (
                    row.name,
                    f"{row.counts.gold:g}",
                    with_interval(row.strict),
                    figure(row.strict.baseline),
                    figure(row.strict.ceiling),
                    with_interval(row.detection),
                    figure(row.detection.baseline),
                    figure(row.detection.ceiling),
                )
                for row in rows
            ),
        ),
        Table(
            "Finding: gold items of which a sentence is cited, predictions that cite one. Reading: items met and right",
            ("kind", "found", "well placed", "evidence", "read", "fields right among the items met"),
            tuple(
                (
                    row.name,
                    figure(row.found),
                    figure(row.well_placed),
                    figure(row.evidence),
                    figure(row.read),
                    ", ".join(f"{name} {figure(share)}" for name, share in row.fields) if _one_kind(row) else "",
                )
                for row in rows
                if _one_kind(row)
            ),
        ),
        Table(
            "Besides",
            ("kind", "predicted", "verified", "of these right", "traps", "twice", "merged", "split", "rightly empty"),
            tuple(
                (
                    row.name,
                    f"{row.counts.predicted:g}",
                    f"{row.counts.verified:g}",
                    f"{row.counts.verified_strict:g}",
                    f"{row.counts.traps:g} of {row.counts.baits:g}",
                    f"{row.counts.duplicates:g}",
                    f"{row.counts.merges:g}",
                    f"{row.counts.splits:g}",
                    f"{row.counts.correctly_empty:g} of {row.counts.empty:g}",
                )
                for row in rows
                if _one_kind(row)
            ),
        ),
    ]


def _one_kind(row: Row) -> bool:
    return row.name != "claims"


def comparison_tables(found: Comparison) -> list[Table]:
    """Differences by kind, strict and detection, and the items that flipped."""
    columns = ("kind", found.a, found.b, "difference", "p", "p (Holm)", "won, tied, lost", "visible")
    return [
        Table(
            f"Strict F1, {found.b} against {found.a}, {found.documents} documents; p by permutation, Holm: corrected "
            "for four kinds; visible: the smallest difference that this gold would show",
            columns,
            (
                *(_difference(kind, each) for kind, each in found.strict.items()),
                _difference("claims", found.together, corrected=False),
            ),
        ),
        Table(
            "Detection F1",
            columns,
            (
                *(_difference(kind, each) for kind, each in found.detection.items()),
                _difference("claims", found.together_detection, corrected=False),
            ),
        ),
    ]


def flip_table(found: Comparison) -> Table:
    """The gold items that became right, wrong or missed, by their ids."""
    return Table(
        "Gold items that flipped",
        ("case", "item", found.a, found.b),
        tuple((flip.case, flip.item, flip.was, flip.now) for flip in found.flips if not flip.item.startswith("“")),
    )


def _difference(name: str, found: Difference, *, corrected: bool = True) -> tuple[str, ...]:
    value = "–" if found.value is None else f"{found.value:+.2f}"
    interval = f" [{found.low:+.2f}, {found.high:+.2f}]" if found.low is not None and found.high is not None else ""
    return (
        name,
        figure(found.a),
        figure(found.b),
        f"{value}{interval}",
        f"{found.p:.3f}",
        f"{found.p_holm:.3f}" if corrected else "",
        f"{found.won}, {found.tied}, {found.lost}",
        figure(found.visible),
    )
