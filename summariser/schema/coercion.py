"""Coercion: fit a model's answer to a pydantic model, and record what was changed or left out."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo

from summariser.schema.base import DraftItem
from summariser.schema.kinds import near_misses
from summariser.schema.values import NOTHING

CUT_OFF = {"cut_off": True}
"""The pydantic validation context of an answer that was cut off."""

_RANGE = re.compile(r"(\d+)\s*(?:-|–|to)\s*(\d+)")
_NUMBER = re.compile(r"-?\d+")
_NUMBERED = re.compile(r"\[(\d+)\]")  # a key that means a sentence
_BRACKETED = re.compile(r"\([^()]*\)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_OF_NUMBERS = frozenset({"s", "sentence", "sentences", "no", "nos", "line", "lines", "and", "to"})
_JOINED = {"words": " … ", "overview": " "}  # texts that may come in pieces, and their separators
_LONGEST_RANGE = 50  # sentences in a range such as "3-5"
_QUOTED = 120  # characters of a left-out value that a message quotes
_TEXT_KEYS = ("text", "name", "value", "content")


@dataclass
class Deviations:
    """The deviations of an answer from its schema.

    Attributes:
        repaired: What was changed, as sentences with the number of occurrences.
        dropped: What was left out, as sentences.
        missing: The unusable parts, with the reasons.
        absent: The lists that the answer lacks and that count as empty.
        cut_off: True if the answer ends early, so that absent parts were not reached.
        by_field: What was repaired in the last object, as sentences by the name of the field.
    """

    repaired: Counter[str] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    cut_off: bool = False
    by_field: dict[str, str] = field(default_factory=dict)

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield a warning's code and message for each deviation."""
        for message, times in self.repaired.items():
            yield "answer_repaired", f"{message}{f' ({times} times)' if times > 1 else ''}."
        for message in self.dropped:
            yield "item_dropped", message


class Lenient(BaseModel):
    """A pydantic model that accepts harmless deviations from its schema and records them in `deviations`."""

    _deviations: Deviations = Deviations()

    @property
    def deviations(self) -> Deviations:
        """What was changed or left out to make the answer fit."""
        return self._deviations

    @model_validator(mode="wrap")
    @classmethod
    def _fit(cls, value: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        try:
            return handler(value)
        except ValidationError:
            deviations = Deviations(cut_off=info.context == CUT_OFF)
            found = handler(cls.fitted(value, deviations))
            found._deviations = deviations
            return found

    @classmethod
    def fitted(cls, value: object, deviations: Deviations) -> object:
        """Return the value with the harmless changes that make it fit the model's schema."""
        return fit(cls, value, "the answer", deviations)


def fit(kind: Any, value: object, where: str, deviations: Deviations, *, name: str = "") -> object:
    """Return a value with the harmless changes that make it fit a type.

    Elements of a list that do not fit are left out, each with a message that quotes it. Any other value that does not
    fit is returned unchanged, so that pydantic rejects it.

    Args:
        kind: A type that pydantic accepts: a model, a list, a text, a number or a closed set of texts, also optional.
        value: The JSON value.
        where: The place of the value, for messages, such as "the commitments".
        deviations: Collects the messages.
        name: The field's name.
    """
    kind, optional = _plain(kind)
    place = f"{where}, {name!r}" if name else where
    if optional and (value in (None, False, {}, []) or _means_nothing(value)):
        if value is not None:
            deviations.repaired[f"In {place} {_shown(value)} counts as nothing"] += 1
        return None
    if get_origin(kind) is list:
        return _list(get_args(kind)[0], value, where, name, deviations)
    if get_origin(kind) is Literal:
        return _closed(get_args(kind), value, name, place, deviations)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _object(kind, value, where, deviations)
    if kind is int:
        return _number(value, place, deviations)
    return _text(value, name, place, deviations) if kind is str else value


def parts_of(model: type[BaseModel], value: object) -> dict[str, object]:
    """Return the values of a model's fields in an object, by their names in the schema; {} if it is not an object."""
    if not isinstance(value, Mapping):
        return {}
    known = _names(model)
    found: dict[str, object] = {}
    for key, each in value.items():
        name = known.get(str(key)) or known.get(_folded(str(key)))
        if name is not None:
            found.setdefault(name, each)
    return found


def fitted_items(
    item: type[BaseModel], values: Sequence[object], where: str, deviations: Deviations, *, most: int
) -> list[BaseModel]:
    """Return the values that fit an item's model, validated; every other value is left out with a message.

    Args:
        item: The item's model.
        values: The JSON values.
        where: Their place, for messages, such as "the risks".
        deviations: Collects the messages.
        most: The number of values to keep at most.
    """
    if len(values) > most:
        deviations.dropped.append(f"Of the {len(values)} items in {where} only the first {most} were kept.")
    kept: list[BaseModel] = []
    for value in values[:most]:
        found = Deviations()
        try:
            fitted = item.model_validate(fit(item, value, where, found))
            kept.append(fitted.repaired(found.by_field) if isinstance(fitted, DraftItem) else fitted)
        except ValidationError as error:
            deviations.dropped.append(_left_out(where, value, error))
        else:
            deviations.repaired.update(found.repaired)
            deviations.dropped += found.dropped
    return kept


def as_list(item: Any, value: object, where: str, name: str, deviations: Deviations) -> list[object]:
    """Return the elements of a list; anything else in its place is read as a list if possible.

    Args:
        item: The type of the elements.
        value: The JSON value.
        where: Its place, for messages.
        name: The field's name.
        deviations: Collects the messages.
    """
    place = f"{where}, {name!r}" if name else where
    if isinstance(value, str) and (inner := _decoded(value)) is not None:
        deviations.repaired[f"In {place} a list was given as a text; it was read as JSON"] += 1
        value = inner
    if value is None or value is False or _means_nothing(value):
        deviations.repaired[f"In {place} {_shown(value)} counts as an empty list"] += 1
        return []
    if isinstance(value, list):
        return [each for each in _flat(value) if not (_is_model(item) and each is None)]
    if isinstance(value, Mapping) and _is_model(item):
        lists = [
            each for each in value.values() if isinstance(each, list) and all(isinstance(e, Mapping) for e in each)
        ]
        if len(lists) == 1 and not parts_of(item, value):
            deviations.repaired[f"In {place} a list was inside an object; the object was removed"] += 1
            return _flat(lists[0])
        if all(isinstance(each, Mapping) for each in value.values()):
            deviations.repaired[f"In {place} an object of objects counts as a list"] += 1
            return [_with_name(item, key, each) for key, each in value.items()]
    deviations.repaired[f"In {place} a single {_kind_of(value)} counts as a list of one"] += 1
    return [value]


def _with_name(item: Any, key: object, value: Any) -> dict[str, Any]:
    """Return an object with the key under which it stood as its name, unless the key is a number."""
    named = "name" in item.model_fields and "name" not in value and not str(key).isdecimal()
    return {"name": key, **value} if named else dict(value)


def _list(item: Any, value: object, where: str, name: str, deviations: Deviations) -> list[object]:
    element, _ = _plain(item)
    values = as_list(element, value, where, name, deviations)
    if _is_model(element):
        return list(fitted_items(element, values, where, deviations, most=len(values)))
    if element is int:
        values = [number for each in values for number in _numbers(each, f"{where}, {name!r}", deviations)]
    fitted = [each if isinstance(each, int) else fit(item, each, where, deviations, name=name) for each in values]
    kept = [each for each in fitted if accepted(item, each)]
    for each in fitted:
        if not accepted(item, each):
            deviations.dropped.append(f"In {where}, {name!r} {_shown(each)} does not fit and was left out.")
    return kept


def unknown_keys(model: type[BaseModel], value: Mapping[Any, object], where: str, deviations: Deviations) -> None:
    """Record the keys of an object that are not fields of the model."""
    known = _names(model)
    for key in value:
        if str(key) not in known and _folded(str(key)) not in known:
            deviations.repaired[f"In {where} the key {str(key)[:40]!r} is not known and was left out"] += 1


def _object(model: type[BaseModel], value: object, where: str, deviations: Deviations) -> object:
    if isinstance(value, str) and isinstance(inner := _decoded(value), Mapping):
        deviations.repaired[f"In {where} an object was given as a text; it was read as JSON"] += 1
        value = inner
    if isinstance(value, list) and len(value) == 1:
        deviations.repaired[f"In {where} a list of one object counts as the object"] += 1
        value = value[0]
    if not isinstance(value, Mapping):
        return value
    found = parts_of(model, value)
    if not found and len(value) == 1 and isinstance(inner := next(iter(value.values())), Mapping):
        return _object(model, inner, where, deviations)  # an object whose one key is its type
    unknown_keys(model, value, where, deviations)
    fitted: dict[str, object] = {}
    by_field: dict[str, str] = {}
    for field_name, info in model.model_fields.items():
        before = deviations.repaired.copy()
        key = _name_of(field_name, info)
        kind, optional = _plain(annotated(info))
        if key in found:
            fitted[key] = fit(annotated(info), found[key], where, deviations, name=key)
            if optional and _is_model(kind) and not accepted(annotated(info), fitted[key]):
                deviations.dropped.append(f"In {where}, {key!r} {_shown(found[key])} does not fit and was left out.")
                fitted[key] = None
        elif info.is_required() and (optional or get_origin(kind) is list):
            counts_as = "null" if optional else "an empty list"
            deviations.repaired[f"In {where} {key!r} was missing; it counts as {counts_as}"] += 1
            fitted[key] = None if optional else []
        if new := list(deviations.repaired - before):
            by_field[field_name] = f"{new[0]}."
    deviations.by_field = by_field
    return fitted


def _closed(values: tuple[Any, ...], value: object, name: str, place: str, deviations: Deviations) -> object:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value in values or not isinstance(value, str):
        return value
    folded = _folded(_BRACKETED.sub(" ", value))
    near = near_misses(name).get(folded)
    exact = next((each for each in values if _folded(str(each)) == folded), None)
    read_as = exact or (near if near in values else None)
    if read_as is None:
        return value
    deviations.repaired[f"In {place} {_shown(value)} was read as {read_as!r}"] += 1
    return read_as


def _number(value: object, place: str, deviations: Deviations) -> object:
    if isinstance(value, int):
        return value
    found = _numbers(value, place, deviations)
    return found[0] if len(found) == 1 else value


def _numbers(value: object, place: str, deviations: Deviations) -> list[Any]:
    """Return the numbers that a value means; the value itself if it means none."""
    if isinstance(value, float) and value.is_integer():
        return [int(value)]
    if isinstance(value, list):
        return [number for each in value for number in _numbers(each, place, deviations)]
    if isinstance(value, Mapping):  # {"number": 3}, {"id": 3, "text": "…"}
        value = next((value[key] for key in ("number", "id", "sentence") if key in value), value)
    if not isinstance(value, str) or not {w.casefold() for w in _LETTERS.findall(value)} <= _OF_NUMBERS:
        return [value]
    spans = [range(int(a), int(b) + 1) for a, b in _RANGE.findall(value) if 0 <= int(b) - int(a) < _LONGEST_RANGE]
    found = [n for span in spans for n in span] or [int(n) for n in _NUMBER.findall(_RANGE.sub(" ", value))]
    if not found:
        return [value]
    deviations.repaired[f"In {place} numbers were given as texts"] += 1
    return found


def _text(value: object, name: str, place: str, deviations: Deviations) -> object:
    if value is None:
        deviations.repaired[f"In {place} null counts as an empty text"] += 1
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        if len(value) == 1 or name in _JOINED:
            deviations.repaired[f"In {place} a list of texts counts as one text"] += 1
            return _JOINED.get(name, "").join(value)
        return value or ""
    if isinstance(value, Mapping):
        texts = [value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)]
        if len(texts) == 1:
            deviations.repaired[f"In {place} an object counts as the text in it"] += 1
            return texts[0]
    return value


# ── types ────────────────────────────────────────────────────────────────────────────────────────


def _plain(kind: Any) -> tuple[Any, bool]:
    """Return a type without its constraints, and True if it may be None."""
    optional = False
    while True:
        origin = get_origin(kind)
        if origin is Annotated:
            kind = get_args(kind)[0]
        elif origin in (Union, UnionType) and NoneType in get_args(kind):
            optional = True
            (kind,) = [each for each in get_args(kind) if each is not NoneType]
        else:
            return kind, optional


def annotated(info: FieldInfo) -> Any:
    """Return a field's type with its constraints."""
    return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@lru_cache(maxsize=256)
def _names(model: type[BaseModel]) -> dict[str, str]:
    """Return the accepted spellings of the fields' names, each with the field's own name."""
    own = [_name_of(name, info) for name, info in model.model_fields.items()]
    numbers = {match[1]: name for name in own if (match := _NUMBERED.match(name))}
    return {**numbers, **{_folded(name): name for name in own}, **{name: name for name in own}}


def _name_of(name: str, info: FieldInfo) -> str:
    return info.alias or name


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def accepted(kind: Any, value: object) -> bool:
    """Return True if a value is valid for a type without changes."""
    try:
        _adapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _folded(text: str) -> str:
    """Return a key or a value without differences of case, punctuation and spaces."""
    return re.sub(r"[\W_]+", " ", _HUMP.sub(" ", text)).strip().casefold()


def _means_nothing(value: object) -> bool:
    return isinstance(value, str) and value.strip().rstrip(".").casefold() in NOTHING


def _decoded(text: str) -> object:
    """Return the list or object in a JSON text; None if the text is not one."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return None
    return found if isinstance(found, list | dict) else None


def _flat(values: list[Any]) -> list[Any]:
    return [each for value in values for each in (_flat(value) if isinstance(value, list) else [value])]


def _kind_of(value: object) -> str:
    return {str: "text", dict: "object", int: "number", float: "number"}.get(type(value), "value")


def _shown(value: object) -> str:
    """Return a value as JSON, short enough for a sentence."""
    text = " ".join(json.dumps(value, ensure_ascii=False, default=str).split())
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def _left_out(where: str, value: object, error: ValidationError) -> str:
    """Return the message about an item that does not fit: the error and the item."""
    first = error.errors(include_url=False)[0]
    at = ".".join(str(part) for part in first["loc"])
    wrong = f"{at}: {first['msg']}" if at else first["msg"]
    return f"An item in {where} does not fit and was left out ({wrong}): {_shown(value)}"
