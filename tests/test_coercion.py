"""Coercion: what is harmless is changed, what does not fit is left out by itself, and both are said."""

import json
from typing import Any

import pytest

from summariser import summarise
from summariser.postprocess.verify import Verification
from summariser.prompts import load
from summariser.schema import Draft, DraftCommitment, DraftParty, DraftReaction
from summariser.schema.kinds import near_misses
from summariser.schema.response import FormSchema, ResponseSchema
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT, changed, made

SCHEMA = ResponseSchema(load("brief@2").calls[0].fills, sentences=4)


def fitted(answer: object) -> tuple[Draft, list[str], dict[str, str]]:
    """The Draft, the sentences about deviations, and the parts that are missing."""
    found: Any = SCHEMA.validator.model_validate(answer)
    return SCHEMA.draft(found), [said for _, said in found.deviations.sentences()], found.deviations.missing


def with_fields(part: str, **fields: object) -> dict[str, object]:
    first, *others = ANSWER[part]  # type: ignore[misc]  # lists of items
    return changed(**{part: [{**first, **fields}, *others]})


def test_an_answer_as_it_was_asked_for_is_left_as_it_is() -> None:
    draft, said, missing = fitted(ANSWER)
    assert (said, missing) == ([], {})
    assert draft == Draft.model_validate(ANSWER)


@pytest.mark.parametrize(
    ("kind", "fields", "attribute", "value"),
    [
        ("commitments", {"by": "Arlen"}, "by", ["Arlen"]),
        ("commitments", {"by": {"name": "Arlen"}}, "by", ["Arlen"]),
        ("commitments", {"by": ["Arlen", None, {"name": "Bocia"}]}, "by", ["Arlen", "Bocia"]),
        ("commitments", {"by": '["Arlen", "Bocia"]'}, "by", ["Arlen", "Bocia"]),
        ("commitments", {"to": None}, "to", []),
        ("commitments", {"to": "none"}, "to", []),
        ("commitments", {"to": ""}, "to", []),
        ("commitments", {"sentences": 3}, "sentences", [3]),
        ("commitments", {"sentences": "3"}, "sentences", [3]),
        ("commitments", {"sentences": "[3]"}, "sentences", [3]),
        ("commitments", {"sentences": ["[2]", "S3", 4.0]}, "sentences", [2, 3, 4]),
        ("commitments", {"sentences": "2-4"}, "sentences", [2, 3, 4]),
        ("commitments", {"sentences": "2, 4"}, "sentences", [2, 4]),
        ("commitments", {"sentences": [[2, 3]]}, "sentences", [2, 3]),
        ("commitments", {"sentences": [{"number": 2}]}, "sentences", [2]),
        ("commitments", {"sentences": None}, "sentences", []),
        ("commitments", {"condition": "null"}, "condition", None),
        ("commitments", {"condition": ""}, "condition", None),
        ("commitments", {"status": "Agreed."}, "status", "agreed"),
        ("commitments", {"status": "promised"}, "status", "pledged"),
        ("commitments", {"status": ["agreed"]}, "status", "agreed"),
        ("commitments", {"action": ["not build"]}, "action", "not build"),
        ("commitments", {"action": 7}, "action", "7"),
        ("commitments", {"words": ["signed a treaty", "bars both"]}, "words", "signed a treaty … bars both"),
        ("commitments", {"words": None}, "words", ""),
        ("commitments", {"Said By": "Arlen"}, "said_by", None),
        ("parties", {"kind": "COUNTRY"}, "kind", "state"),
        ("parties", {"aliases": "the republic"}, "aliases", ["the republic"]),
        ("reactions", {"stance": "support"}, "stance", "supports"),
        ("reactions", {"towards": {"id": "C1", "text": "treaty"}}, "towards", "treaty"),
        ("risks", {"affects": "docks"}, "affects", ["docks"]),
        ("risks", {"raised_by": "N/A"}, "raised_by", None),
    ],
)
def test_a_harmless_deviation_is_coerced_and_costs_nothing_more(
    kind: str, fields: dict[str, object], attribute: str, value: object
) -> None:
    draft, _, missing = fitted(with_fields(kind, **fields))
    assert getattr(getattr(draft, kind)[0], attribute) == value
    assert missing == {}
    assert [len(getattr(draft, name)) for name in ("parties", "commitments", "reactions", "risks")] == [3, 1, 1, 1]
    assert len(paid(with_fields(kind, **fields))) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (with_fields("parties", kind="company"), "In the parties, 'kind' \"company\" was read as 'organisation'."),
        (with_fields("risks", type="risk"), "In the risks the key 'type' is not known and was left out."),
        (with_fields("commitments", by="Arlen"), "In the commitments, 'by' a single text counts as a list of one."),
        (
            {name: part for name, part in ANSWER.items() if name != "risks"},
            "The answer held no risks; that counts as an empty list.",
        ),
        (changed(reactions="none"), 'In the reactions "none" counts as an empty list.'),
        (changed(risks=ANSWER["risks"][0]), "In the risks a single object counts as a list of one."),  # type: ignore[index]
        (changed(risks=json.dumps(ANSWER["risks"])), "In the risks a list was given as a text; it was read as JSON."),
        (changed(risks={"1": ANSWER["risks"][0]}), "In the risks an object of objects counts as a list."),  # type: ignore[index]
        ({**ANSWER, "notes": "x"}, "In the answer the key 'notes' is not known and was left out."),
    ],
)
def test_what_was_changed_is_said(answer: object, said: str) -> None:
    assert fitted(answer)[1] == [said]


@pytest.mark.parametrize(
    ("kind", "field", "value", "change"),
    [
        ("parties", "kind", "company", "In the parties, 'kind' \"company\" was read as 'organisation'."),
        ("commitments", "status", "Agreed!", "In the commitments, 'status' \"Agreed!\" was read as 'agreed'."),
        ("reactions", "stance", "support", "In the reactions, 'stance' \"support\" was read as 'supports'."),
    ],
)
def test_the_check_of_a_field_says_that_its_value_was_coerced(kind: str, field: str, value: str, change: str) -> None:
    summary = made(with_fields(kind, **{field: value}))
    items = getattr(summary, kind)
    assert [c.change for c in items[0].checks if c.field == field] == [change]
    assert all(c.change != change for item in items for c in item.checks if c.field != field)


def test_what_was_changed_often_is_said_once_with_how_often() -> None:
    parties = [{**party, "type": "party"} for party in ANSWER["parties"]]  # type: ignore[attr-defined]
    assert fitted(changed(parties=parties))[1] == [
        "In the parties the key 'type' is not known and was left out (3 times)."
    ]


@pytest.mark.parametrize(
    ("kind", "item", "why"),
    [
        ("parties", {"name": "Docks", "kind": "place"}, "kind: Input should be"),
        ("parties", {"kind": "state"}, "name: Field required"),
        ("parties", "Docks", "Input should be"),
        ("commitments", {"by": ["Arlen"], "action": "wait", "status": "maybe"}, "status: Input should be"),
        ("reactions", {"by": ["Arlen"], "statement": ["a", "b"], "stance": "supports"}, "statement: Input should be"),
        ("risks", {"risk": "x" * 5000}, "risk: String should have at most"),
    ],
)
def test_one_bad_item_harms_itself_and_is_quoted(kind: str, item: object, why: str) -> None:
    good = ANSWER[kind]
    draft, said, missing = fitted(changed(**{kind: [*good, item]}))  # type: ignore[misc]
    assert len(getattr(draft, kind)) == len(good)  # type: ignore[arg-type]
    (sentence,) = said
    assert sentence.startswith(f"An item in the {kind} does not fit and was left out (")
    assert why in sentence
    assert json.dumps(item)[:60] in sentence
    assert missing == {}


def test_a_name_that_is_none_is_left_out_of_its_list_alone() -> None:
    draft, said, _ = fitted(with_fields("commitments", by=["Arlen", {"x": [1]}, "x" * 400]))
    assert draft.commitments[0].by == ["Arlen"]
    assert len(said) == 2 and all("does not fit and was left out" in sentence for sentence in said)


def test_a_closed_value_of_another_field_is_no_near_miss() -> None:
    _, said, missing = fitted(with_fields("commitments", status="company"))
    assert list(missing) == ["commitments"]
    assert "status" in said[0]


def test_every_near_miss_leads_to_a_value_of_its_field_and_is_none_itself() -> None:
    fields = {"kind": DraftParty, "status": DraftCommitment, "stance": DraftReaction}
    for name, words in {name: near_misses(name) for name in ("kind", "status", "stance")}.items():
        values = set(fields[name].model_fields[name].annotation.__args__)  # type: ignore[union-attr]
        assert set(words.values()) <= values
        assert not words.keys() & values
        assert all(word == word.casefold() for word in words)


# ── paid calls ───────────────────────────────────────────────────────────────────────────────────


def paid(*answers: object) -> list[dict[str, Any]]:
    """The calls that a summary takes where the model gives these answers."""
    asked = FakeModel(*answers)
    summarise(TEXT, model=asked, prompt="brief@2")
    return asked.requests


def asked_for(wire: dict[str, Any]) -> list[str]:
    return list(wire["response_format"]["json_schema"]["schema"]["properties"])


@pytest.mark.parametrize(
    ("answer", "lacking"),
    [
        ({name: ANSWER[name] for name in ("parties", "commitments")}, ["reactions", "risks", "headline", "overview"]),
        ({name: part for name, part in ANSWER.items() if name != "headline"}, ["headline"]),
        (changed(risks=[{"harm": "x"}, {"harm": "y"}]), ["risks"]),
        (changed(overview={"a": 1}), ["overview"]),
        (changed(overview="x" * 9000), ["overview"]),
        (changed(reactions=5), ["reactions"]),
    ],
)
def test_a_part_of_which_nothing_can_be_used_is_asked_for_once_and_alone(answer: object, lacking: list[str]) -> None:
    calls = paid(answer, {name: ANSWER[name] for name in lacking})
    assert len(calls) == 2
    assert sorted(asked_for(calls[1])) == sorted(lacking)
    assert "Give only that." in calls[1]["messages"][-1]["content"]


def test_a_part_that_is_lacking_still_is_said_and_nothing_more_is_asked() -> None:
    asked = FakeModel(changed(risks=[{"harm": "x"}]), {"risks": [{"harm": "x"}]})
    summary = summarise(TEXT, model=asked, prompt="brief@2")
    assert (len(asked.requests), summary.run.status, len(summary.commitments)) == (2, "invalid", 1)
    (failed,) = [w.message for w in summary.warnings if w.code == "answer_incomplete"]
    assert "The model gave no usable risks" in failed


@pytest.mark.parametrize("carried", ["C1", ["C1"]])
def test_answers_of_passes_are_fitted_too(carried: object) -> None:
    found: Any = FormSchema(Verification).validator.model_validate({"carried": carried, "doubtful": None, "why": "so"})
    assert (found.carried, found.doubtful) == (["C1"], [])
