"""The Summary validates itself: ids resolve, offsets fit, supported means checked; older files are read."""

import json
import re
from typing import get_args

import jsonschema
import pytest
from pydantic import ValidationError

from summariser.comparison.changes import FIRMNESS
from summariser.errors import ConfigurationError
from summariser.evals.perturbations import FLIPS
from summariser.schema import COMMITMENT, Check, Evidence, Status, Summary, kinds, summary_json_schema
from summariser.text import lexicon
from tests.conftest import ROOT
from tests.test_pipeline import TEXT, made, outcomes

VERSION_1 = ROOT / "tests" / "data" / "summary.v1.json"


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


def test_supported_without_a_good_quotation_is_refused():
    evidence = made().model_dump(mode="json")["risks"][0]["evidence"]
    for wrong in ([{**evidence[0], "match": "altered"}], [{**evidence[0], "match": "missing"}], []):
        with pytest.raises(ValidationError, match="K1 is marked supported"):
            Summary.model_validate(broken(risks__0__evidence=wrong))


def test_supported_with_a_contradicted_field_is_refused():
    checks = [
        Check(field="risk", outcome="contradicted", reason="The text says 5, the item 7.").model_dump(mode="json")
    ]
    with pytest.raises(ValidationError, match="K1 is marked supported"):
        Summary.model_validate(broken(risks__0__checks=checks))


@pytest.mark.parametrize(("verdict", "verified"), [("supported", False), ("not_enough_info", True), ("refuted", True)])
def test_verified_means_supported(verdict: str, verified: bool):
    with pytest.raises(ValidationError, match="K1: verified and verdict differ"):
        Summary.model_validate(broken(risks__0__verdict=verdict, risks__0__verified=verified))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"field": "raised_by", "outcome": "read", "reason": "Nobody is named."}, "Who warns: Nobody is named."),
        ({"field": "risk", "outcome": "read", "reason": "It is too little."}, "The harm: It is too little."),
        ({"field": "rests_on", "outcome": "read", "reason": "So it is."}, "Rests on: So it is."),
    ],
)
def test_a_reason_names_its_field_in_words(change: dict[str, str], reason: str):
    data = broken(risks__0__checks=[change], risks__0__verdict="not_enough_info", risks__0__verified=False)
    assert Summary.model_validate(data).risks[0].reason == reason


def test_of_several_reasons_one_is_told_and_what_is_contradicted_before_what_is_read():
    read = {"field": "risk", "outcome": "read", "reason": "It is too little."}
    wrong = {"field": "affects", "outcome": "contradicted", "reason": "It hits others."}
    data = broken(risks__0__checks=[read, wrong], risks__0__verdict="refuted", risks__0__verified=False)
    assert Summary.model_validate(data).risks[0].reason == "Whom it would hit: It hits others."


def test_no_two_fields_of_a_kind_have_the_same_words():
    for kind in kinds():
        titles = [field.title for field in kind.item.model_fields.values() if field.title]
        assert len(titles) == len(set(titles))


@pytest.mark.parametrize(("start", "end", "text"), [(0, 3, "four"), (None, 3, "abc"), (0, 3, None)])
def test_offsets_and_text_fit_each_other(start, end, text):
    with pytest.raises(ValidationError):
        Evidence(sentences=(1,), start=start, end=end, text=text, match="verbatim")


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
    assert schema["properties"]["schema_version"]["const"] == 2
    assert "Warning" in json.dumps(schema)


def test_the_json_has_the_documented_keys():
    data = made().model_dump(mode="json")
    assert list(data) == [
        "schema_version", "document", "headline", "overview", "parties", "commitments", "reactions", "risks",
        "warnings", "run",
    ]  # fmt: skip
    assert set(data["commitments"][0]) == {
        "id", "by", "to", "action", "status", "condition", "deadline", "said_by", "evidence", "checks", "verdict",
        "confidence", "verified", "short",
    }  # fmt: skip
    assert list(data["commitments"][0]["evidence"][0]) == [
        "sentences", "start", "end", "text", "match", "difference", "location",
    ]  # fmt: skip
    assert set(data["commitments"][0]["checks"][0]) >= {
        "field", "outcome", "reason", "sentences", "start", "end", "text", "given_by", "change",
    }  # fmt: skip
    assert set(data["run"]) == {
        "status", "prompt", "prompt_sha256", "passes", "model", "requests", "input_tokens", "cached_tokens",
        "output_tokens", "cost_usd", "seconds", "summariser",
    }  # fmt: skip


# ── version 1 ────────────────────────────────────────────────────────────────────────────────────


def old() -> dict[str, object]:
    """A Summary that version 0.1.0 of the program wrote: four parties, four commitments, two reactions and a risk."""
    data: dict[str, object] = json.loads(VERSION_1.read_text("utf-8"))
    return data


def upgraded() -> Summary:
    return Summary.model_validate(old())


def test_each_schema_fits_the_files_of_its_version_alone():
    one, two = (jsonschema.Draft202012Validator(summary_json_schema(version)) for version in (1, 2))
    one.check_schema(one.schema)
    new = json.loads(upgraded().to_json())
    assert (one.is_valid(old()), two.is_valid(old())) == (True, False)
    assert (one.is_valid(new), two.is_valid(new)) == (False, True)


def test_there_is_no_schema_of_another_version():
    with pytest.raises(ConfigurationError, match="no version 3 of the format; choose 1 or 2"):
        summary_json_schema(3)


def test_a_file_of_version_1_becomes_version_2_with_a_verdict_for_each_item():
    summary = upgraded()
    assert summary.schema_version == 2
    assert Summary.model_validate_json(VERSION_1.read_text("utf-8")) == summary
    assert {item.id: item.verdict for item in summary.items} == {
        **dict.fromkeys(("P1", "P2", "P3", "P4", "K1"), "supported"),
        **dict.fromkeys(("C1", "C3"), "refuted"),  # altered quotations
        "C4": "refuted",  # it rests on an order to the reader's software
        "C5": "not_enough_info",  # nothing in the text says it
        "R1": "refuted",  # its quotation is altered
        "R2": "not_enough_info",  # no word speaks for its stance
    }
    assert all(item.verified == (item.verdict == "supported") for item in summary.items)
    assert {item.confidence for item in summary.items} == {None}


def test_the_verdicts_of_version_1_on_evidence_become_matches():
    was = {each["id"]: each["evidence"][0]["verdict"] for kind in kinds() for each in old()[kind.plural]}
    now = {item.id: item.evidence[0].match for item in upgraded().items}
    names = {"cited": "verbatim", "unsupported": "missing"}
    assert set(was.values()) == {"cited", "altered", "unsupported", "verbatim"}
    assert now == {id: names.get(verdict, verdict) for id, verdict in was.items()}


def test_the_warnings_of_version_1_about_fields_become_checks_and_reasons():
    summary = upgraded()
    items = {item.id: item for item in summary.items}
    assert outcomes(items["R1"]) == {"stance": "read", "quote": "contradicted"}
    assert outcomes(items["P2"]) == {"role": "read"}
    assert items["C3"].evidence[0].difference == "The source has another number there, or none."
    assert items["R2"].reason == "Stance: Nothing in the cited words says 'supports'. They speak for 'concerned'."
    assert items["R1"].reason.startswith("Quotation: The quotation 'a bridge with pillars' was left out")
    assert items["C3"].reason.startswith("The quoted words are not the text's.")
    assert [(warning.code.value, warning.item) for warning in summary.warnings] == [
        ("order_in_text", None),
        ("order_in_text", "C4"),
    ]


def test_what_version_1_says_besides_stays_as_it_is():
    data, summary = old(), upgraded()
    again = summary.model_dump(mode="json")
    assert {name: again["document"][name] for name in data["document"]} == data["document"]
    assert {name: again[name] for name in ("headline", "overview", "run")} == {
        name: data[name] for name in ("headline", "overview", "run")
    }
    for kind in kinds():
        for was, now in zip(data[kind.plural], again[kind.plural], strict=True):
            kept = was.keys() - {"evidence"}
            assert {name: now[name] for name in kept} == {name: was[name] for name in kept}
    assert re.search(r"✗ \*\*refuted\*\* `C1`", summary.to_markdown(full=True))


def test_whatever_tells_statuses_apart_knows_all_of_them():
    statuses = {*get_args(Status)}
    assert FIRMNESS.keys() == statuses - {"threatened"}
    assert statuses <= FLIPS.keys()
    assert COMMITMENT.near_misses.keys() <= statuses
    assert set(lexicon.values("commitment_verbs", "en").values()) <= statuses
    assert lexicon.by_value("status_words", "en").keys() >= statuses - {"refused"}
