"""The response schema: the parts of the Draft in an answer, as a JSON Schema for the server and as a validator."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar, cast, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from summariser.schema.base import DraftBase, DraftItem
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
from summariser.schema.draft import MOST_ITEMS, Draft, draft_type
from summariser.schema.kinds import kinds

Json = dict[str, object]


def item_types() -> dict[str, type[DraftItem]]:
    """Return the class of the Draft's items of each kind, by the name of their list."""
    return {kind.plural: kind.draft for kind in kinds()}


class Fill(BaseModel):
    """A request for one part of the Draft.

    Attributes:
        part: The part: a text or a list of items.
        most: The most items of a list; with `each_sentence`, the most sentences of one request.
        fields: The fields of an item, in order.
        cites: The most sentences that an item may cite.
        each_sentence: True to ask for an item or null for each sentence, so that the model skips no sentence and cites
            the right one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: str
    most: Annotated[int, Field(gt=0, le=200)] = 20
    fields: tuple[str, ...] = ()
    cites: Annotated[int, Field(gt=0, le=20)] = 4
    each_sentence: bool = False

    @model_validator(mode="after")
    def _fields_exist(self) -> "Fill":
        parts, types = draft_type().model_fields, item_types()
        if self.part not in parts:
            raise ValueError(f"there is no part {self.part!r}; choose one of {', '.join(parts)}")
        if self.part not in types:
            if self.fields or self.each_sentence:
                raise ValueError(f"{self.part} is a text and has no fields")
            return self
        known = types[self.part].model_fields
        unknown = [name for name in self.fields if name not in known]
        missing = [name for name, info in known.items() if info.is_required() and name not in self.fields]
        if unknown or missing or len(set(self.fields)) != len(self.fields):
            raise ValueError(
                f"the fields of {self.part} are wrong (unknown: {unknown}, missing: {missing}); give each field once"
            )
        return self


class ResponseSchema:
    """The form of an answer that fills parts of the Draft.

    Args:
        fills: The parts to fill.
        sentences: The number of sentences of the document.
        each: The sentences, as (number, text), that fills with `each_sentence` ask about; without any, such fills are
            asked for as plain lists.
    """

    def __init__(self, fills: Sequence[Fill], *, sentences: int, each: Sequence[tuple[int, str]] = ()) -> None:
        self.fills = tuple(fills)
        self.sentences = sentences
        self.keys = {number: _key(number, text) for number, text in each}

    def __getstate__(self) -> dict[str, object]:
        """Return what pickle needs; what is derived from it is built again."""
        return {"fills": self.fills, "sentences": self.sentences, "keys": self.keys}

    def narrowed(self, parts: Sequence[str]) -> "ResponseSchema":
        """Return the response schema of an answer with some of the parts only."""
        narrow = ResponseSchema([fill for fill in self.fills if fill.part in parts], sentences=self.sentences)
        narrow.keys = self.keys
        return narrow

    @cached_property
    def wire(self) -> Json:
        """The JSON Schema that the server gets: every object closed, every property required, every length bounded."""
        return _closed({fill.part: self._wire_part(fill) for fill in self.fills})

    def _wire_part(self, fill: Fill) -> Json:
        item_type = item_types().get(fill.part)
        properties = _properties(item_type or Draft)
        if item_type is None:
            return _plain(properties[fill.part])
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
        """A pydantic model of the answer; it accepts any sentence number, and later checks reject only its item."""
        if any(map(self._by_sentence, self.fills)):
            return _answer({fill.part: self._type(fill) for fill in self.fills})
        return _answer_of_lists(tuple(fill.part for fill in self.fills), draft_type())

    def _type(self, fill: Fill) -> object:
        if self._by_sentence(fill):
            item = item_types()[fill.part]
            fields: dict[str, Any] = {
                f"s{number}": (item | None, Field(alias=key)) for number, key in self.keys.items()
            }
            return create_model("BySentence", __config__=ConfigDict(extra="forbid", frozen=True), **fields)
        return _type_of(fill.part, draft_type())

    def draft(self, answer: BaseModel) -> Draft:
        """Return a validated answer as a Draft in which only the requested parts are filled."""
        parts: dict[str, object] = {}
        for fill in self.fills:
            value = getattr(answer, fill.part)
            if self._by_sentence(fill):
                found = ((number, getattr(value, f"s{number}")) for number in self.keys)
                value = [item.model_copy(update={"sentences": [number]}) for number, item in found if item]
            parts[fill.part] = value
        return Draft.of_parts(parts)

    def _by_sentence(self, fill: Fill) -> bool:
        return fill.each_sentence and bool(self.keys)


class _Answer(DraftBase, Lenient):
    """The base of the validators of answers.

    An unusable part is empty, and `deviations.missing` has the reason. The validator's own JSON Schema is not sent to
    a server; it is built once because that takes long.
    """

    schema_made: ClassVar[dict[str, Any]] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Return what pickle needs: the class has no name, so another process builds it by its parts."""
        return _empty_answer, (tuple(type(self).model_fields),), self.__getstate__()

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return a copy of the validator's JSON Schema, also for classes derived from it."""
        if args or kwargs or not cls.schema_made:
            return super().model_json_schema(*args, **kwargs)
        return dict(cls.schema_made)

    @classmethod
    def fitted(cls, value: object, deviations: Deviations) -> object:
        """Return the answer's parts, each coerced to its schema; the value itself if it has none of the parts."""
        found = parts_of(cls, value)
        if not found or not isinstance(value, Mapping):
            return value
        unknown_keys(cls, value, "the answer", deviations)
        fitted = {part: cls._fitted_part(part, each, deviations) for part, each in found.items()}
        absent = [part for part in cls.model_fields if part not in found]
        lists = item_types()
        absent_lists = [part for part in absent if part in lists]
        harmless = len(absent_lists) == 1 and any(part in lists for part in found) and not deviations.cut_off
        for part in absent:
            fitted[part] = [] if part in lists else ""
            if harmless and part in lists:
                deviations.repaired[f"The answer held no {part}; that counts as an empty list"] += 1
                deviations.absent.append(part)
            else:
                deviations.missing[part] = "the answer ended before" if deviations.cut_off else "it was not there"
        return value if deviations.missing.keys() == cls.model_fields.keys() else fitted

    @classmethod
    def _fitted_part(cls, part: str, value: object, deviations: Deviations) -> object:
        where = f"the {part}"
        kind = annotated(cls.model_fields[part])
        item_type = item_types().get(part)
        if item_type is None or get_origin(cls.model_fields[part].annotation) is not list:  # or an object of sentences
            fitted = fit(kind, value, where, deviations, name=part)
            if accepted(kind, fitted):
                return fitted
            deviations.missing[part] = "it does not fit"
            return "" if item_type is None else {}
        values = as_list(item_type, value, where, "", deviations)
        kept = fitted_items(item_type, values, where, deviations, most=MOST_ITEMS)
        if values and not kept:
            deviations.missing[part] = "none of its items fits"
        return kept


def _answer(types: Mapping[str, object]) -> type[BaseModel]:
    fields: dict[str, Any] = {part: (kind, ...) for part, kind in types.items()}
    made: type[_Answer] = create_model("Answer", __base__=_Answer, **fields)
    made.schema_made = made.model_json_schema()
    return made


@cache
def _answer_of_lists(parts: tuple[str, ...], draft: type[Draft]) -> type[BaseModel]:
    """Return the validator of an answer without `each_sentence` parts, which is the same for every document."""
    return _answer({part: _type_of(part, draft) for part in parts})


def _empty_answer(parts: tuple[str, ...]) -> BaseModel:
    """Return an answer that has yet to get its state."""
    kind = _answer_of_lists(parts, draft_type())
    return kind.__new__(kind)


def _type_of(part: str, draft: type[Draft]) -> object:
    info = draft.model_fields[part]
    return Annotated[info.annotation, *info.metadata]


class FormSchema:
    """The form of an answer that is no Draft.

    Args:
        validator: A pydantic model of the answer; every field is required.
    """

    def __init__(self, validator: type[BaseModel]) -> None:
        self.validator = validator

    @cached_property
    def wire(self) -> Json:
        """The JSON Schema that the server gets: every object closed, and without references."""
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
def _properties(model: type[BaseModel]) -> dict[str, Json]:
    """Return the JSON Schemas of a model's fields; they are cached because building them is slow."""
    return cast(dict[str, Json], model.model_json_schema()["properties"])


def _key(number: int, text: str) -> str:
    """Return the property name for a sentence: its number and first words, so that a small model keeps the order."""
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
    """Return a schema without titles, defaults and other keywords that servers may reject."""
    plain: Json = {key: schema[key] for key in _KEPT if key in schema}
    if "items" in schema:
        plain["items"] = _plain(cast(Json, schema["items"]))
    if "anyOf" in schema:
        branches = [_plain(branch) for branch in cast(list[Json], schema["anyOf"])]
        limit = {key: plain.pop(key) for key in ("maxLength",) if key in plain}
        plain["anyOf"] = [branch if branch == {"type": "null"} else {**branch, **limit} for branch in branches]
    return plain
