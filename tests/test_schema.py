"""The Summary validates itself: ids resolve, offsets fit, verified means checked."""

import json

import pytest
from pydantic import ValidationError

from summariser.schema import Evidence, Summary, summary_json_schema
from tests.test_pipeline import TEXT, made


def broken(**changes: object) -> dict[str, object]:
    data = made().model_dump(mode="json")
    for path, value in changes.items():
        kind, index, field = path.split("__")
        data[kind][int(index)][field] = value
    return data


@pytest.mark.parametrize(
    "change",
    [
        {"commitments__0__by": ["P9"]},
        {"commitments__0__to": ["C1"]},
        {"reactions__0__towards": {"id": "C7", "text": "x"}},
        {"risks__0__raised_by": "K1"},
        {"parties__0__affiliation": "P1"},
        {"parties__1__id": "P1"},
        {"risks__0__rests_on": ["R9"]},
    ],
)
def test_an_id_that_does_not_resolve_is_refused(change):
    with pytest.raises(ValidationError):
        Summary.model_validate(broken(**change))


def test_verified_without_good_evidence_is_refused():
    evidence = made().model_dump(mode="json")["risks"][0]["evidence"]
    evidence[0]["verdict"] = "altered"
    with pytest.raises(ValidationError, match="marked verified"):
        Summary.model_validate(broken(risks__0__evidence=evidence))


@pytest.mark.parametrize(("start", "end", "text"), [(0, 3, "four"), (None, 3, "abc"), (0, 3, None)])
def test_offsets_and_text_fit_each_other(start, end, text):
    with pytest.raises(ValidationError):
        Evidence(sentences=(1,), start=start, end=end, text=text, verdict="cited")


def test_offsets_that_do_not_yield_the_text_are_found():
    evidence = made().model_dump(mode="json")["risks"][0]["evidence"]
    evidence[0]["start"], evidence[0]["end"] = evidence[0]["start"] - 1, evidence[0]["end"] - 1
    with pytest.raises(ValueError, match="offsets of K1"):
        Summary.model_validate(broken(risks__0__evidence=evidence)).check(TEXT)


def test_a_summary_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        made().headline = "x"


def test_the_schema_is_closed_and_names_its_version():
    schema = summary_json_schema()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["schema_version"]["const"] == 1
    assert "Warning" in json.dumps(schema)


def test_the_json_has_the_documented_keys():
    data = made().model_dump(mode="json")
    assert list(data) == [
        "schema_version", "document", "headline", "overview", "parties", "commitments", "reactions", "risks",
        "warnings", "run",
    ]  # fmt: skip
    assert set(data["commitments"][0]) == {
        "id", "by", "to", "action", "status", "condition", "deadline", "said_by", "evidence", "verified",
    }  # fmt: skip
    assert list(data["commitments"][0]["evidence"][0]) == ["sentences", "start", "end", "text", "verdict"]
    assert set(data["run"]) == {
        "status", "prompt", "prompt_sha256", "passes", "model", "requests", "input_tokens", "cached_tokens",
        "output_tokens", "cost_usd", "seconds", "summariser",
    }  # fmt: skip
