"""Statistics of the harness, held against the field's libraries and against simulation."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from summariser.evals import compare as comparison
from summariser.evals import statistics
from summariser.evals.metric import Counts, score
from summariser.evals.statistics import Interval, alpha, difference, documents_needed, f1_interval, holm
from summariser.schema import kind_names
from tests.metric_case import item, said, side

shares = st.floats(0, 1, allow_nan=False)


@given(st.lists(shares, min_size=1, max_size=8))
def test_holm_is_that_of_statsmodels(ps: list[float]):
    assert holm(ps) == pytest.approx(list(multipletests(ps, method="holm")[1]))


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=2, max_size=30))
def test_alpha_is_that_of_krippendorff(pairs: list[tuple[str, str]]):
    if len({value for pair in pairs for value in pair}) < 2:
        assert alpha(pairs) is None
        return
    coded = np.array([[ord(value) for value in annotator] for annotator in zip(*pairs, strict=True)])
    assert alpha(pairs) == pytest.approx(krippendorff.alpha(reliability_data=coded, level_of_measurement="nominal"))


def test_the_t_quantile_is_that_of_scipy():
    assert [statistics._t(n) for n in (1, 13, 26)] == pytest.approx([stats.t.ppf(0.975, n) for n in (1, 13, 26)])


def test_the_permutation_test_is_that_of_scipy():
    """Where every document weighs the same, the difference in F1 is a difference in means, which scipy permutes."""
    random = np.random.default_rng(1)
    a, b = random.integers(0, 5, (2, 11))
    pairs = np.array([[x, 10, y, 10] for x, y in zip(a, b, strict=True)], dtype=float)
    oracle = stats.permutation_test(
        (a, b),
        lambda x, y, axis: np.mean(y - x, axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert statistics.permutation_p(pairs) == pytest.approx(oracle.pvalue)


def test_the_standard_error_of_a_mean_is_the_textbook_one():
    rows = np.array([[1.0], [4.0], [2.0], [8.0]])
    found = statistics._jackknife(rows, lambda kept: float(kept.mean()))
    assert found == pytest.approx(rows.std(ddof=1) / 2)


def test_the_bootstrap_is_close_to_that_of_scipy():
    random = np.random.default_rng(2)
    parts = [(float(tp), 20.0) for tp in random.integers(0, 10, 60)]
    found = f1_interval(parts)
    oracle = stats.bootstrap(
        (np.array([2 * tp / whole for tp, whole in parts]),), np.mean, method="percentile", random_state=3
    ).confidence_interval
    assert (found.low, found.high) == (pytest.approx(oracle.low, abs=0.01), pytest.approx(oracle.high, abs=0.01))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """On 300 simulated suites of 27 documents, whose true F1 is known, the 95% interval misses it in at most 10%."""
    random = np.random.default_rng(4)
    truth, missed = 0.4, 0
    for _ in range(300):
        sizes = random.integers(4, 16, 27)
        parts = [(float(random.binomial(n, truth)), float(2 * n)) for n in sizes]
        found = f1_interval(parts)
        missed += not found.low <= truth <= found.high
    assert missed <= 30


def test_one_document_gives_a_figure_and_no_interval():
    assert f1_interval([(1.0, 4.0)]) == Interval(0.5, None, None)


def test_nothing_right_in_many_documents_still_leaves_room_above_nothing():
    found = f1_interval([(0.0, 4.0)] * 26)
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1 - stats.beta.ppf(0.05, 26, 1))


def test_with_so_few_documents_that_nothing_can_be_significant_nothing_is_visible():
    a, b = ([(tp, 10.0) for tp in range(n, n + 5)] for n in (0, 1))
    assert difference(a, b, comparisons=4).visible is None


def test_inventing_something_where_there_is_nothing_loses_the_document():
    found = difference([(1, 2), (0, 0), (0, 0)], [(1, 2), (0, 5), (0, 5)])
    assert (found.won, found.tied, found.lost) == (0, 1, 2)


def test_documents_where_both_sides_are_empty_say_nothing():
    assert f1_interval([(0.0, 0.0)]) == Interval(None, None, None)
    assert f1_interval([(1, 4), (2, 6), (0, 0)]) == f1_interval([(1, 4), (2, 6)])


def test_a_system_against_itself_differs_by_nothing():
    parts = [(2.0, 8.0), (1.0, 5.0), (0.0, 3.0)]
    found = difference(parts, parts)
    assert (found.value, found.p, found.won, found.tied, found.lost, found.visible) == (0.0, 1.0, 0, 3, 0, None)


def test_the_same_counts_give_the_same_figures():
    random = np.random.default_rng(5)
    a, b = ([(float(x), 12.0) for x in random.integers(0, 6, 30)] for _ in range(2))
    assert difference(a, b) == difference(a, b)


def test_four_times_the_documents_show_half_the_difference():
    assert documents_needed(visible=0.2, documents=27, wanted=0.1) == 108


def _verdicts(pairs_of_kinds: list[np.ndarray], random: np.random.Generator) -> bool:
    """Whether anything is called better or worse once the labels of documents are exchanged at random."""
    ps = []
    swap = random.integers(0, 2, len(pairs_of_kinds[0])).astype(bool)
    for pairs in pairs_of_kinds:
        mixed = np.where(swap[:, None], pairs[:, [2, 3, 0, 1]], pairs)
        ps.append(statistics.permutation_p(mixed))
    return min(holm(ps)) < comparison.SIGNIFICANT


def test_false_alarms_come_at_the_stated_rate(monkeypatch: pytest.MonkeyPatch):
    """With labels exchanged at random, 5% of 400 comparisons at most find something, but for chance."""
    monkeypatch.setattr(statistics, "DRAWS", 1000)
    random = np.random.default_rng(6)
    kinds = []
    for _ in kind_names():
        gold = random.integers(2, 10, 27)
        a, b = random.binomial(gold, 0.2), random.binomial(gold, 0.5)
        kinds.append(np.column_stack([a, 2 * gold, b, 2 * gold]).astype(float))
    alarms = sum(_verdicts(kinds, random) for _ in range(400))
    assert alarms <= stats.binom.ppf(0.99, 400, comparison.SIGNIFICANT)


def test_a_real_difference_of_the_visible_size_is_mostly_seen(monkeypatch: pytest.MonkeyPatch):
    """What is called visible is seen in most of the suites that have it."""
    monkeypatch.setattr(statistics, "DRAWS", 1000)
    random = np.random.default_rng(7)
    seen, visible = 0, []
    for _ in range(60):
        gold = random.integers(4, 12, 27)
        a, b = random.binomial(gold, 0.3), random.binomial(gold, 0.5)
        found = difference(
            [(x, 2 * g) for x, g in zip(a, gold, strict=True)], [(x, 2 * g) for x, g in zip(b, gold, strict=True)]
        )
        visible.append(found.visible)
        seen += found.p < 0.05
    assert np.mean(visible) < 0.2
    assert seen >= 48


def _exact_side(pairs: set[tuple[int, str]]) -> tuple:
    items = [
        item(f"K{n}", "risks", f"{word} {word}ing {word}ful", sentence, raised_by=None, affects=frozenset())
        for n, (sentence, word) in enumerate(sorted(pairs), 1)
    ]
    return side({"parties": (), "commitments": (), "reactions": (), "risks": tuple(items)})


_exact = st.sets(st.tuples(st.integers(1, 8), st.sampled_from(["flood", "fire", "plague", "famine"])), max_size=6)


@given(_exact, _exact)
def test_where_items_are_the_same_or_nothing_alike_the_counts_are_those_of_nervaluate(gold, predicted):
    """One item a sentence, its word as the label: exact matching, which the field's span scorer knows too."""
    from nervaluate import Evaluator

    gold, predicted = (dict(sorted(pairs)) for pairs in (gold, predicted))
    if not gold or not predicted:
        return
    ours = score(_exact_side(set(gold.items())), said(_exact_side(set(predicted.items())).items)).counts["risks"]
    spans = [[[{"label": w, "start": s, "end": s} for s, w in pairs.items()]] for pairs in (gold, predicted)]
    theirs = Evaluator(*spans, tags=["flood", "fire", "plague", "famine"]).evaluate()["overall"]["strict"]
    same = sum(predicted.get(s) == w for s, w in gold.items())
    assert (theirs.correct, ours.gold, ours.predicted) == (same, theirs.possible, theirs.actual)
    assert ours.matched >= theirs.correct


def test_the_assignment_is_that_of_stickler():
    """Three gold items, two predictions, one of them exact: as many true positives, misses and inventions."""
    from stickler import ComparableField, StructuredModel
    from stickler.comparators import ExactComparator

    class Thing(StructuredModel):
        match_threshold = 1.0
        sentence: int = ComparableField(comparator=ExactComparator(), threshold=1.0)
        words: str = ComparableField(comparator=ExactComparator(), threshold=1.0)

    class Doc(StructuredModel):
        things: list[Thing] = ComparableField(weight=1.0)

    gold, predicted = {(1, "flood"), (2, "fire"), (3, "plague")}, {(3, "plague"), (7, "famine")}
    docs = [Doc(things=[Thing(sentence=s, words=w) for s, w in sorted(pairs)]) for pairs in (gold, predicted)]
    theirs = docs[0].compare_with(docs[1], include_confusion_matrix=True)["confusion_matrix"]["fields"]["things"][
        "overall"
    ]
    ours: Counts = score(_exact_side(gold), said(_exact_side(predicted).items)).counts["risks"]
    assert (ours.strict, ours.gold - ours.matched, ours.predicted - ours.matched) == (
        theirs["tp"],
        theirs["fn"] + theirs["fd"],
        theirs["fp"],
    )
