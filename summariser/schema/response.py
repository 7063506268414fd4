"""Shape: which parts of the Draft one answer holds, as a wire schema for the server and as a validator."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar, cast, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from summariser.schema.coercion import (
    Deviations,
    Lenient,
    accepted,
    annotated,
    as_list,
    fit,
    fitted_items,
    parts_of,
    unknown_keys,
)
from summariser.schema.draft import Draft, DraftBase, DraftCommitment, DraftPart, DraftParty, DraftReaction, DraftRisk

type_of_list: dict[str, type[DraftParty | DraftCommitment | DraftReaction | DraftRisk]] = {
    "parties": DraftParty,
    "commitments": DraftCommitment,
    "reactions": DraftReaction,
    "risks": DraftRisk,
}

Json = dict[str, object]
_MOST_ITEMS = 400  # of a list of the Draft


class Fill(BaseModel):
    """One part of the Draft that is asked for.

    Of a list: which fields, in order, how many items at most, and how many sentences an item may cite.
    With `each_sentence` the list is asked for sentence by sentence: for each, an item or null, so that
    none is passed over and the evidence is right by construction; then `most` counts sentences.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: DraftPart
    most: Annotated[int, Field(gt=0, le=200)] = 20
    fields: tuple[str, ...] = ()
    cites: Annotated[int, Field(gt=0, le=20)] = 4
    each_sentence: bool = False

    @model_validator(mode="after")
    def _fields_exist(self) -> "Fill":
        if self.part not in type_of_list:
            if self.fields or self.each_sentence:
                raise ValueError(f"{self.part} is a text and has no fields")
            return self
        known = type_of_list[self.part].model_fields
        unknown = [name for name in self.fields if name not in known]
        missing = [name for name, info in known.items() if info.is_required() and name not in self.fields]
        if unknown or missing or len(set(self.fields)) != len(self.fields):
            raise ValueError(f"fields of {self.part}: unknown {unknown}, missing {missing}, each may stand once")
        return self


class ResponseSchema:
    """What an answer must look like: the parts to fill, from a document of so many sentences.

    `each` are the sentences, as (number, text), that fills with `each_sentence` go through; where there
    are none, those fills are asked for as plain lists.
    """

    def __init__(self, fills: Sequence[Fill], *, sentences: int, each: Sequence[tuple[int, str]] = ()) -> None:
        self.fills = tuple(fills)
        self.sentences = sentences
        self.keys = {number: _key(number, text) for number, text in each}

    def narrowed(self, parts: Sequence[str]) -> "ResponseSchema":
        """The shape of an answer that holds those parts alone."""
        narrow = ResponseSchema([fill for fill in self.fills if fill.part in parts], sentences=self.sentences)
        narrow.keys = self.keys
        return narrow

    @cached_property
    def wire(self) -> Json:
        """The JSON Schema sent to the server: plain and closed, every property required, every length bounded."""
        return _closed({fill.part: self._wire_part(fill) for fill in self.fills})

    def _wire_part(self, fill: Fill) -> Json:
        extraction = _drafted()
        if fill.part not in type_of_list:
            return _plain(cast(dict[str, Json], extraction["properties"])[fill.part])
        definition = cast(dict[str, Json], extraction["$defs"])[type_of_list[fill.part].__name__]
        properties = cast(dict[str, Json], definition["properties"])
        fields: Json = {name: _plain(properties[name]) for name in fill.fields}
        if self._by_sentence(fill):
            item = _closed({name: schema for name, schema in fields.items() if name != "sentences"})
            return _closed({key: {"anyOf": [item, {"type": "null"}]} for key in self.keys.values()})
        if "sentences" in fields:
            number = {"type": "integer", "minimum": 1, "maximum": self.sentences}
            fields["sentences"] = {**cast(Json, fields["sentences"]), "maxItems": fill.cites, "items": number}
        return {"type": "array", "maxItems": fill.most, "items": _closed(fields)}

    @cached_property
    def validator(self) -> type[BaseModel]:
        """A pydantic model of the answer. Sentence numbers may be any: a bad one harms its item alone."""
        if any(map(self._by_sentence, self.fills)):
            return _answer({fill.part: self._type(fill) for fill in self.fills})
        return _answer_of_lists(tuple(fill.part for fill in self.fills))

    def _type(self, fill: Fill) -> object:
        if self._by_sentence(fill):
            item = type_of_list[fill.part]
            fields = {f"s{number}": (item | None, Field(alias=key)) for number, key in self.keys.items()}
            return create_model("BySentence", __config__=ConfigDict(extra="forbid", frozen=True), **fields)  # type: ignore[call-overload]  # the fields are only known here
        return _type_of(fill.part)

    def draft(self, answer: BaseModel) -> Draft:
        """A validated answer as a Draft, with only the parts filled that were asked for."""
        parts: dict[str, object] = {}
        for fill in self.fills:
            value = getattr(answer, fill.part)
            if self._by_sentence(fill):
                found = ((number, getattr(value, f"s{number}")) for number in self.keys)
                value = [item.model_copy(update={"sentences": [number]}) for number, item in found if item]
            parts[fill.part] = value
        return Draft.model_construct(**parts)  # type: ignore[arg-type]  # every part was validated

    def _by_sentence(self, fill: Fill) -> bool:
        return fill.each_sentence and bool(self.keys)


class _Answer(DraftBase, Lenient):
    """What every answer's validator is; its own schema, which takes long to make and is not sent, is made once.

    A part of which nothing can be used is empty, and stands in `deviations.missing` with the reason.
    """

    schema_made: ClassVar[dict[str, Any]] = {}

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON Schema of the validator, also of classes derived from it; a copy of one that is kept."""
        if args or kwargs or not cls.schema_made:
            return super().model_json_schema(*args, **kwargs)
        return dict(cls.schema_made)

    @classmethod
    def fitted(cls, value: object, deviations: Deviations) -> object:
        """Return the answer's parts, each as near to its schema as it comes; the value itself where it holds none."""
        found = parts_of(cls, value)
        if not found or not isinstance(value, Mapping):
            return value
        unknown_keys(cls, value, "the answer", deviations)
        fitted = {part: cls._fitted_part(part, each, deviations) for part, each in found.items()}
        absent = [part for part in cls.model_fields if part not in found]
        absent_lists = [part for part in absent if part in type_of_list]
        harmless = len(absent_lists) == 1 and any(part in type_of_list for part in found) and not deviations.cut_off
        for part in absent:
            fitted[part] = [] if part in type_of_list else ""
            if harmless and part in type_of_list:
                deviations.repaired[f"The answer held no {part}; that counts as an empty list"] += 1
                deviations.absent.append(part)
            else:
                deviations.missing[part] = "the answer ended before" if deviations.cut_off else "it was not there"
        return value if deviations.missing.keys() == cls.model_fields.keys() else fitted

    @classmethod
    def _fitted_part(cls, part: str, value: object, deviations: Deviations) -> object:
        where = f"the {part}"
        kind = annotated(cls.model_fields[part])
        if (
            part not in type_of_list or get_origin(cls.model_fields[part].annotation) is not list
        ):  # a text, or an object of sentences
            fitted = fit(kind, value, where, deviations, name=part)
            if accepted(kind, fitted):
                return fitted
            deviations.missing[part] = "it does not fit"
            return "" if part not in type_of_list else {}
        values = as_list(type_of_list[part], value, where, "", deviations)
        kept = fitted_items(type_of_list[part], values, where, deviations, most=_MOST_ITEMS)
        if values and not kept:
            deviations.missing[part] = "none of its items fits"
        return kept


def _answer(types: Mapping[str, object]) -> type[BaseModel]:
    fields = {part: (kind, ...) for part, kind in types.items()}
    made: type[_Answer] = create_model("Answer", __base__=_Answer, **fields)  # type: ignore[call-overload]  # the fields are only known here
    made.schema_made = made.model_json_schema()
    return made


@cache
def _answer_of_lists(parts: tuple[DraftPart, ...]) -> type[BaseModel]:
    """The validator of an answer without parts that are asked sentence by sentence: the same for every document."""
    return _answer({part: _type_of(part) for part in parts})


def _type_of(part: DraftPart) -> object:
    info = Draft.model_fields[part]
    return Annotated[info.annotation, *info.metadata]


class FormSchema:
    """What an answer of a shape of its own must look like: a pydantic model whose every field is required."""

    def __init__(self, validator: type[BaseModel]) -> None:
        self.validator = validator

    @cached_property
    def wire(self) -> Json:
        """The JSON Schema sent to the server: plain, closed and without references."""
        schema = self.validator.model_json_schema()
        return _inlined(schema, cast(dict[str, Json], schema.get("$defs", {})))


def _inlined(schema: Json, definitions: dict[str, Json]) -> Json:
    if "$ref" in schema:
        return _inlined(definitions[str(schema["$ref"]).rsplit("/", 1)[-1]], definitions)
    if "properties" in schema:
        properties = cast(dict[str, Json], schema["properties"])
        return _closed({name: _inlined(part, definitions) for name, part in properties.items()})
    plain = _plain(schema)
    if "items" in schema:
        plain["items"] = _inlined(cast(Json, schema["items"]), definitions)
    return plain


@cache
def _drafted() -> Json:
    """The JSON Schema of a whole Draft; making it takes longer than all else here."""
    return Draft.model_json_schema()


def _key(number: int, text: str) -> str:
    """The property that stands for a sentence: its number and first words, which keep a small model in step."""
    return f"[{number}] {' '.join(text.split()[:9])}".replace('"', "'").replace("\\", "/")


def _closed(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_KEPT = ("type", "enum", "description", "maxLength", "maxItems")


def _plain(schema: Json) -> Json:
    """The schema without titles, defaults and whatever else a server may choke on."""
    plain: Json = {key: schema[key] for key in _KEPT if key in schema}
    if "items" in schema:
        plain["items"] = _plain(cast(Json, schema["items"]))
    if "anyOf" in schema:
        branches = [_plain(branch) for branch in cast(list[Json], schema["anyOf"])]
        limit = {key: plain.pop(key) for key in ("maxLength",) if key in plain}
        plain["anyOf"] = [branch if branch == {"type": "null"} else {**branch, **limit} for branch in branches]
    return plain
