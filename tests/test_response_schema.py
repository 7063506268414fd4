"""Response schemas: plain, closed and bounded in the request; validated again when the answer comes."""

import json
from collections.abc import Iterator

import jsonschema
import pytest
from pydantic import ValidationError

from summariser import prompts
from summariser.schema import Draft
from summariser.schema.response import Fill, Json, ResponseSchema

EACH = ((4, 'The "pact" was signed \\ sealed on Monday by both of the neighbours.'), (9, "Nobody spoke."))


def shapes() -> Iterator[ResponseSchema]:
    for name in ("brief", "sections"):
        for call in prompts.load(name).calls:
            yield ResponseSchema(call.fills, sentences=47)
            yield ResponseSchema(call.fills, sentences=47, each=EACH)


def nodes(schema: object) -> Iterator[Json]:
    if isinstance(schema, dict):
        if "type" in schema or "anyOf" in schema:
            yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


@pytest.mark.parametrize("shape", list(shapes()), ids=lambda s: "+".join(f.part for f in s.fills))
def test_the_wire_schema_is_plain_closed_and_bounded(shape: ResponseSchema):
    jsonschema.Draft202012Validator.check_schema(shape.wire)
    for node in nodes(shape.wire):
        assert not set(node) & {"pattern", "default", "format", "title", "$ref", "$defs", "minLength"}
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
        if node.get("type") == "array":
            assert "maxItems" in node
        if node.get("type") == "integer":
            assert {"minimum", "maximum"} <= set(node)
        if node.get("type") == "string":
            assert "maxLength" in node or "enum" in node


def test_fields_stand_in_the_order_of_the_prompt():
    fill = Fill(part="risks", fields=("words", "risk", "sentences"))
    items = ResponseSchema([fill], sentences=3).wire["properties"]["risks"]["items"]
    assert list(items["properties"]) == ["words", "risk", "sentences"]


def test_a_list_comes_back_as_a_draft():
    shape = ResponseSchema([Fill(part="risks", fields=("risk", "sentences"))], sentences=3)
    answer = shape.validator.model_validate_json('{"risks": [{"risk": "flood", "sentences": [99]}]}', strict=True)
    draft = shape.draft(answer)
    assert [(r.risk, r.sentences) for r in draft.risks] == [("flood", [99])]
    assert draft.model_fields_set == {"risks"}


def test_sentence_by_sentence_the_evidence_is_right_by_construction():
    shape = ResponseSchema(
        [Fill(part="risks", fields=("risk", "sentences"), each_sentence=True)], sentences=9, each=EACH
    )
    keys = list(shape.wire["properties"]["risks"]["properties"])
    assert keys == ["[4] The 'pact' was signed / sealed on Monday by", "[9] Nobody spoke."]
    answer = shape.validator.model_validate_json(json.dumps({"risks": {keys[0]: {"risk": "war"}, keys[1]: None}}))
    assert [(r.risk, r.sentences) for r in shape.draft(answer).risks] == [("war", [4])]


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        '{"risks": [{}]}',
        '{"more": 1}',
        "[]",
        "not json",
    ],
)
def test_the_wrong_shape_is_not_accepted(answer):
    shape = ResponseSchema([Fill(part="risks", fields=("risk",))], sentences=3)
    with pytest.raises(ValidationError):
        shape.validator.model_validate_json(answer, strict=True)


def test_what_the_wire_allows_the_validator_accepts():
    for shape in shapes():
        for part, schema in shape.wire["properties"].items():
            if schema["type"] == "string":
                assert Draft.model_fields[part].metadata[0].max_length >= schema["maxLength"]


def test_control_characters_of_a_model_are_gone():
    shape = ResponseSchema([Fill(part="headline")], sentences=1)
    assert shape.draft(shape.validator.model_validate({"headline": "a\x1b[31mb"})).headline == "a[31mb"


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError, match="unknown"):
        Fill(part="risks", fields=("risk", "harm"))
