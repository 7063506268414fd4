"""The tables of a run and of a comparison, for all reports with tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from summariser.evals.compare import Comparison
from summariser.evals.report.rows import TOGETHER, Row, figure, with_interval
from summariser.evals.statistics import Difference


@dataclass(frozen=True)
class Table:
    """A table of texts, in which the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def run_tables(rows: Sequence[Row]) -> list[Table]:
    """Return the tables of a run: its scores, what it found and read, and other counts."""
    by_kind = [row for row in rows if row.name != TOGETHER]
    return [
        Table(
            "Right in every critical field (strict) and merely met (detection); F1 [95% interval]; floor: a dozen cue "
            "words; ceiling: two annotators; claims: the last three kinds together",
            ("kind", "gold", "strict F1", "floor", "ceiling", "detection F1", "floor", "ceiling"),
            tuple(map(_scores, rows)),
        ),
        Table(
            "Finding: gold items of which a sentence is cited, predictions that cite one. Reading: items met and right",
            ("kind", "found", "well placed", "evidence", "read", "fields right among the items met"),
            tuple(map(_finding_and_reading, by_kind)),
        ),
        Table(
            "Besides",
            ("kind", "predicted", "verified", "of these right", "traps", "twice", "merged", "split", "rightly empty"),
            tuple(map(_other_counts, by_kind)),
        ),
    ]


def _scores(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.counts.gold:g}",
        with_interval(row.strict),
        figure(row.strict.baseline),
        figure(row.strict.annotators),
        with_interval(row.detection),
        figure(row.detection.baseline),
        figure(row.detection.annotators),
    )


def _finding_and_reading(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        figure(row.found),
        figure(row.well_placed),
        figure(row.evidence),
        figure(row.read),
        ", ".join(f"{name} {figure(share)}" for name, share in row.fields),
    )


def _other_counts(row: Row) -> tuple[str, ...]:
    return (
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


def comparison_tables(found: Comparison) -> list[Table]:
    """Return the tables of a comparison: the differences in strict and in detection F1, by kind."""
    columns = ("kind", found.a, found.b, "difference", "p", "p (Holm)", "won, tied, lost", "visible")
    return [
        Table(
            f"Strict F1, {found.b} against {found.a}, {found.documents} documents; p by permutation, Holm: corrected "
            "for four kinds; visible: the smallest difference that this gold would show",
            columns,
            (
                *(_difference(kind, each) for kind, each in found.strict.items()),
                _difference(TOGETHER, found.together, corrected=False),
            ),
        ),
        Table(
            "Detection F1",
            columns,
            (
                *(_difference(kind, each) for kind, each in found.detection.items()),
                _difference(TOGETHER, found.together_detection, corrected=False),
            ),
        ),
    ]


def flip_table(found: Comparison) -> Table:
    """Return the table of the gold items whose outcomes differ, by their ids."""
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
