"""The metric: its published table, and what must be true of any gold and any prediction."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summariser.evals.gold import HardNegative
from summariser.evals.metric import Item, Side, Target, Value, f_score, matching, precision, recall, score
from summariser.schema import COMMITMENT, kind_names
from tests.conftest import ROOT
from tests.metric_case import ALTERATIONS, C1, C2, GOLD, SENTENCES, SPURIOUS, but, item, party, said, side, with_

ROWS = re.findall(
    r"^\| ([^|]+?) \| (\w+) \| (\d\.\d\d) \| (\d\.\d\d) \|$", (ROOT / "evals/METRIC.md").read_text("utf-8"), re.M
)


def rounded(value: float | None) -> float:
    return -1.0 if value is None else round(value, 2)


@pytest.mark.parametrize(("alteration", "kind", "detection", "strict"), ROWS, ids=[row[0] for row in ROWS])
def test_the_published_table_holds(alteration: str, kind: str, detection: str, strict: str):
    counts = score(GOLD, ALTERATIONS[alteration]()).counts[kind]
    found = rounded(f_score(counts, strict=False)), rounded(f_score(counts, strict=True))
    assert found == (float(detection), float(strict))


def test_the_published_table_has_every_alteration():
    assert {row[0] for row in ROWS} == set(ALTERATIONS)


def test_an_empty_prediction_has_no_precision():
    counts = score(GOLD, with_("commitments")).counts["commitments"]
    assert (precision(counts, strict=True), recall(counts, strict=True)) == (None, 0.0)


def test_a_prediction_of_everything_pays_for_its_recall_in_precision():
    counts = score(GOLD, ALTERATIONS["every sentence said"]()).counts["commitments"]
    assert (precision(counts, strict=False), recall(counts, strict=False)) == (pytest.approx(2 / 6), 1.0)


def test_both_sides_empty_is_undefined_and_counted_as_rightly_empty():
    nothing = side(dict.fromkeys(kind_names(), ()))
    counts = score(nothing, nothing).counts["risks"]
    assert (f_score(counts, strict=True), counts.correctly_empty, counts.empty) == (None, 1, 1)


def test_something_said_where_there_is_nothing_is_not_rightly_empty():
    nothing = side(dict.fromkeys(kind_names(), ()))
    counts = score(nothing, said()).counts["risks"]
    assert (f_score(counts, strict=True), counts.correctly_empty, counts.empty) == (0.0, 0, 1)


def test_a_thing_said_twice_is_told_as_a_duplicate_and_a_part_as_a_split():
    twice = score(GOLD, ALTERATIONS["one said twice"]()).matchings["commitments"]
    split = score(GOLD, ALTERATIONS["one split in two"]()).matchings["commitments"]
    merged = score(GOLD, ALTERATIONS["two merged into one"]()).matchings["commitments"]
    assert (twice.duplicates, split.splits, merged.merges) == (("C3",), ("C3",), ("C1",))


def test_other_right_values_of_a_field_are_right():
    gold = side({**GOLD.items, "commitments": (replace(C1, fields={**C1.fields, "status": ("planned", "agreed")}), C2)})
    counts = score(gold, ALTERATIONS["another status"]()).counts["commitments"]
    assert f_score(counts, strict=True) == 1.0


def test_a_double_negation_is_not_taken_for_a_single_one():
    gold = item("K1", "risks", "the minister did not rule out a second dam", 1, raised_by=None, affects=frozenset())
    ruled_out = but(gold, "the minister did rule out a second dam")
    counts = score(side({**GOLD.items, "risks": (gold,)}), with_("risks", ruled_out)).counts["risks"]
    assert (counts.matched, counts.strict) == (1, 0)


def test_a_refusal_may_be_told_either_way():
    gold = but(C1, "pay Belmark 40 million crowns", status="refused")
    told = but(gold, "not pay Belmark 40 million crowns")
    counts = score(side({**GOLD.items, "commitments": (gold, C2)}), with_("commitments", told, C2)).counts[
        "commitments"
    ]
    assert f_score(counts, strict=True) == 1.0


def test_a_trap_is_fallen_into_by_what_it_warns_of():
    negative = HardNegative(
        id="X1", kind="commitments", text="hold a parade every Sunday", evidence=[[8]], why="nobody says so"
    )
    status = HardNegative(
        id="X2", kind="commitments", text="pay Belmark 40 million crowns", evidence=[[1]], why="planned only",
        fields={"status": ["agreed"]},
    )  # fmt: skip
    fell = score(GOLD, with_("commitments", but(C1, status="agreed"), C2, SPURIOUS), [negative, status])
    stood = score(GOLD, said(), [negative, status])
    assert fell.matchings["commitments"].traps == (("X1", "C3"), ("X2", "C1"))
    assert stood.matchings["commitments"].traps == ()


def test_a_trap_names_parties_by_the_golds_own_ids():
    negative = HardNegative(
        id="X1", kind="risks", text="Cordia's wheat fields could dry up", evidence=[[5]], why="Cordia says so",
        fields={"raised_by": ["P1"]},
    )  # fmt: skip
    renamed = ALTERATIONS["order and ids changed"]()
    assert score(GOLD, renamed, [negative]).matchings["risks"].traps == ()
    wrong = {**GOLD.items, "risks": (but(GOLD.items["risks"][0], raised_by="P1"),)}
    assert score(GOLD, said(wrong), [negative]).matchings["risks"].traps == (("X1", "K1"),)


def test_one_who_speaks_for_another_is_kept_apart_where_the_item_names_both():
    ruling = but(C1, "pay Belmark 40 million crowns", by=frozenset({"P3"}), to=frozenset({"P1"}))
    swapped = but(ruling, by=frozenset({"P1"}), to=frozenset({"P3"}))
    gold = side({**GOLD.items, "commitments": (ruling,)})
    assert score(gold, with_("commitments", swapped)).counts["commitments"].strict == 0
    assert score(gold, with_("commitments", ruling)).counts["commitments"].strict == 1


def test_a_party_of_like_words_is_no_actor_of_the_gold():
    other = {**GOLD.items, "parties": (party("P1", "Bank of South Arland"), *GOLD.items["parties"][1:])}
    gold = side({**GOLD.items, "parties": (party("P1", "Bank of North Arland"), *GOLD.items["parties"][1:])})
    assert score(gold, said(other)).counts["commitments"].strict == 0


def test_a_sibling_of_the_same_sentence_said_twice_is_not_both():
    one = but(C1, "open the road", status="planned", condition=None)
    two = but(replace(one, id="C2"), "repair the bridge")
    one, two = (replace(i, numbers=(), carriers=(w,)) for i, w in ((one, "open the road"), (two, "repair the bridge")))
    gold = side({**GOLD.items, "commitments": (one, two)})
    assert score(gold, with_("commitments", one, replace(one, id="C3"))).counts["commitments"].strict == 1


def test_a_reaction_to_a_commitment_may_name_it_by_words_alone():
    reaction = GOLD.items["reactions"][0]
    told = but(reaction, towards=Target(None, "the payment"))
    vague = but(reaction, towards=Target(None, ""))
    rest = GOLD.items["reactions"][1]
    right, wrong = (score(GOLD, with_("reactions", each, rest)).counts["reactions"].strict for each in (told, vague))
    assert (right, wrong) == (2, 1)


# ── properties ───────────────────────────────────────────────────────────────────────────────────

PARTIES = ("P1", "P2", "P3", "P4")
_ids = st.frozensets(st.sampled_from(PARTIES), max_size=2)
_wordings = st.sampled_from([*SENTENCES, "pay 40 million", "not pay 40 million", "open the locks", "rejected the dam"])


@st.composite
def claims(draw: st.DrawFn, kind: str, letter: str) -> tuple[Item, ...]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        fields: dict[str, Value] = {"by": draw(_ids)}
        if kind == "commitments":
            status = draw(st.sampled_from(["agreed", "planned", "refused"]))
            fields |= {"to": draw(_ids), "status": status, "condition": None, "deadline": None, "said_by": None}
        elif kind == "reactions":
            target = Target(draw(st.sampled_from([None, "P1", "P2"])), draw(_wordings))
            fields |= {"towards": target, "stance": draw(st.sampled_from(["supports", "opposes"])), "quote": None}
        else:
            fields = {"raised_by": draw(st.sampled_from([None, *PARTIES])), "affects": draw(_ids)}
        found.append(item(f"{letter}{number + 1}", kind, draw(_wordings), draw(st.integers(1, 6)), **fields))
    return tuple(found)


@st.composite
def sides(draw: st.DrawFn) -> Side:
    parties = (party("P1", "Arland", "Port Arl"), party("P2", "Belmark"), party("P3", "Nina Orr", affiliation="P1"))
    return side(
        {
            "parties": (*parties, party("P4", "Cordia")),
            "commitments": draw(claims("commitments", "C")),
            "reactions": draw(claims("reactions", "R")),
            "risks": draw(claims("risks", "K")),
        }
    )


def scores(gold: Side, predicted: Side) -> dict[str, tuple[float | None, ...]]:
    counts = score(gold, predicted).counts
    return {
        kind: tuple(f(counts[kind], strict=strict) for f in (precision, recall, f_score) for strict in (True, False))
        for kind in kind_names()
    }


@given(sides(), sides(), st.randoms(use_true_random=False))
def test_order_changes_nothing(gold: Side, predicted: Side, random):
    def shuffled(one: Side) -> Side:
        items = {}
        for kind, found in one.items.items():
            mixed = list(found)
            random.shuffle(mixed)
            items[kind] = tuple(mixed)
        return side(items)

    assert scores(shuffled(gold), said(shuffled(predicted).items)) == scores(gold, said(predicted.items))


@given(sides(), sides(), st.permutations(PARTIES))
def test_ids_change_nothing(gold: Side, predicted: Side, ids: list[str]):
    new = dict(zip(PARTIES, ids, strict=True))

    def renamed(value: Value) -> Value:
        if isinstance(value, frozenset):
            return frozenset(new[i] for i in value)
        if isinstance(value, Target):
            return Target(new.get(value.id or "", value.id), value.text)
        return new.get(value or "", value)

    items = {
        kind: tuple(
            replace(
                i,
                id=new.get(i.id, i.id),
                fields={name: tuple(map(renamed, values)) for name, values in i.fields.items()},
            )
            for i in found
        )
        for kind, found in predicted.items.items()
    }
    assert scores(gold, said(items)) == scores(gold, said(predicted.items))


@given(sides())
def test_gold_against_itself_is_right_throughout(gold: Side):
    found = scores(gold, said(gold.items))
    assert all(value in (1.0, None) for values in found.values() for value in values)


@given(sides(), sides())
def test_what_is_spurious_raises_no_score(gold: Side, predicted: Side):
    more = {**predicted.items, "commitments": (*predicted.items["commitments"], replace(SPURIOUS, id="C9"))}
    before = scores(gold, said(predicted.items))["commitments"]
    after = scores(gold, said(more))["commitments"]
    assert all((new or 0.0) <= (old or 0.0) + 1e-12 for old, new in zip(before, after, strict=True))


@given(sides(), sides(), st.data())
def test_taking_away_what_is_right_raises_no_recall(gold: Side, predicted: Side, data: st.DataObject):
    matched = [pair.predicted for pair in score(gold, said(predicted.items)).matchings["commitments"].pairs]
    if not matched:
        return
    gone = data.draw(st.sampled_from(matched))
    fewer = {**predicted.items, "commitments": tuple(i for i in predicted.items["commitments"] if i.id != gone)}
    before = score(gold, said(predicted.items)).counts["commitments"]
    after = score(gold, said(fewer)).counts["commitments"]
    assert (recall(after, strict=False) or 0.0) <= (recall(before, strict=False) or 0.0)


@given(sides(), sides())
def test_scores_are_shares(gold: Side, predicted: Side):
    values = [v for vs in scores(gold, said(predicted.items)).values() for v in vs if v is not None]
    assert all(math.isfinite(v) and 0.0 <= v <= 1.0 for v in values)


def test_no_case_has_so_many_items_that_what_matters_less_outweighs_what_matters_more():
    right = dict.fromkeys([*COMMITMENT.critical, "deadline", "said_by"], True)
    worth = matching._worth(1.0, right, C1)
    assert worth * 500 < 2**53
