"""The tables of a run and of a comparison, for all reports with tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summariser.evals.calibration import judged_claims, measures
from summariser.evals.check_rates import Verdicts
from summariser.evals.compare import Comparison
from summariser.evals.metric import f_score
from summariser.evals.report.rows import TOGETHER, Row, figure, with_interval
from summariser.evals.run_record import RunRecord
from summariser.evals.statistics import Difference
from summariser.schema import kind_names


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
            (
                *("kind", "predicted", "supported (✓)", "of these right", "not settled (?)", "refuted (✗)"),
                *("traps", "twice", "merged", "split", "rightly empty"),
            ),
            tuple(map(_other_counts, by_kind)),
        ),
    ]


def check_tables(record: RunRecord) -> list[Table]:
    """Return the tables about the checks of a run: verdicts on right, altered and reworded claims, and the confidence.

    The confidence is measured on the cases of the split test alone, because it is fitted on the others.
    """
    return [*_rates(record), *_confidence(record), *_answered(record)]


def _rates(record: RunRecord) -> Iterator[Table]:
    if record.checks:
        yield _shares_of_verdicts(
            "What the checks say of right claims, of other ones, and of copies of the right ones: reworded, and "
            "altered in one field; shares of the verdicts supported (✓), not settled (?) and refuted (✗)",
            record.checks,
        )
    if (verification := record.verification) and verification.summary_tokens:
        more = verification.verification_tokens / verification.summary_tokens
        yield _shares_of_verdicts(
            "The same after the recorded verification, of those altered copies that the model was shown; it takes "
            f"{more:.2f} of the tokens that the claims took",
            verification.rates,
        )


def _shares_of_verdicts(title: str, rates: Mapping[str, Verdicts]) -> Table:
    return Table(
        title,
        ("claims", "number", "✓", "?", "✗"),
        tuple(
            (
                name,
                str(number := sum(verdicts.values())),
                *(f"{verdicts.get(each, 0) / number:.2f}" for each in ("supported", "not_enough_info", "refuted")),
            )
            for name, verdicts in rates.items()
        ),
    )


def _confidence(record: RunRecord) -> Iterator[Table]:
    found = measures(judged_claims(record, split="test"))
    if found:
        yield Table(
            "The confidence of the claims on the split test",
            ("claims", "number", "right", "Brier score", "calibration error", "AUROC"),
            tuple(
                (
                    each.name,
                    str(len(each.judged)),
                    f"{each.right:.2f}",
                    f"{each.brier:.3f}",
                    f"{each.calibration_error:.3f}",
                    figure(each.auroc),
                )
                for each in found
            ),
        )


def _answered(record: RunRecord) -> Iterator[Table]:
    rows = [(kind, record.answered(kind), record.counts(kind)) for kind in kind_names()]
    if all(answered is not None for _, answered, _ in rows):
        yield Table(
            "Who gave what: F1 of the model's answer with the parties as it gives them, and of the finished summary, "
            "in which code adds names from the text",
            ("kind", "answer, strict", "summary, strict", "answer, detection", "summary, detection"),
            tuple(
                (
                    kind,
                    *(
                        figure(f_score(each, strict=strict))
                        for strict in (True, False)
                        for each in (answered, finished)
                    ),
                )
                for kind, answered, finished in rows
                if answered is not None
            ),
        )


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
        f"{row.counts.verdicts.get('not_enough_info', 0):g}",
        f"{row.counts.verdicts.get('refuted', 0):g}",
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
