"""The models of gold files, and the functions that read and write them as strict YAML 1.2."""

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from summariser.documents import Document, read
from summariser.errors import InputError
from summariser.evals.gold import yaml12
from summariser.schema import PARTY, Deadline, ItemKind, KindName, Towards, kind_named, kind_names, kinds

GUIDELINES_VERSION = 2
GOLD_FILE = "gold.yaml"
SCHEMA_FILE = "gold.schema.json"  # beside the folder of cases; the first line of each gold file names it for editors

Split = Literal["dev", "test"]

Text = Annotated[str, Field(min_length=1)]
Sentences = Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class GoldItem(_Strict):
    """The fields that all labelled items have, which GUIDELINES.md explains; `gold_item` adds those of a kind."""

    id: Text
    evidence: Annotated[list[Sentences], Field(min_length=1, description="alternative sets of sentence numbers")]
    accept: list[Text] = Field(default=[], description="other right wordings")
    also: dict[str, list[Any]] = Field(default={}, description="other right values of a field")
    optional: bool = Field(default=False, description="careful readers could differ: no reward, no penalty")
    note: str = Field(default="", description="the reason, for later readers")

    def value(self, name: str) -> Any:
        """Return the value of a field of the item's kind."""
        return getattr(self, name)


class GoldParty(GoldItem):
    """An actor of the story; `gold_item` adds the fields of its kind."""

    if TYPE_CHECKING:
        name: str
        kind: str
        aliases: list[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)


class GoldClaim(GoldItem):
    """An item of any other kind; `gold_item` adds the fields of its kind."""

    words: Text = Field(description="the words of the first evidence that carry it, copied")
    numbers: list[Text] = Field(default=[], description="numbers without which it would be another item")


class GoldDeadline(_Strict):
    """By when: the text's words, and the day where they name one for certain."""

    text: Text
    date: datetime.date | None = None


class GoldTowards(_Strict):
    """What a reaction is about: the words, and the id of a party or commitment where it is one."""

    id: Text | None = None
    text: Text


@cache
def gold_item(kind: ItemKind) -> type[GoldItem]:
    """Return the class of a kind's labelled items, with strict fields for the values of a YAML file."""
    fields: dict[str, Any] = {name: _gold_field(kind, name) for name in kind.labelled}
    base = GoldParty if kind is PARTY else GoldClaim
    made: Any = create_model(f"Gold{kind.name.capitalize()}", __base__=base, __doc__=kind.meaning, **fields)
    return cast(type[GoldItem], made)


def _gold_field(kind: ItemKind, name: str) -> tuple[Any, Any]:
    """Return the type of a labelled field and its default; `...` if the field is required."""
    given = kind.item.model_fields[name].annotation
    if given == tuple[str, ...]:
        needed = any(each.name == name and each.missing for each in kind.parties)
        return (Annotated[list[Text], Field(min_length=1)], ...) if needed else (list[Text], [])
    known: dict[Any, tuple[Any, Any]] = {
        str: (Text, ...),
        str | None: (Text | None, None),
        Deadline | None: (GoldDeadline | None, None),
        Towards: (GoldTowards, ...),
    }
    return known.get(given, (given, ...))


class HardNegative(_Strict):
    """An item that a system must not give; with `fields`, only these values of its fields are wrong."""

    id: Text
    kind: KindName
    text: Text
    evidence: Annotated[list[Sentences], Field(min_length=1)]
    fields: dict[str, list[str]] = {}
    why: Text


class Annotator(_Strict):
    """The annotator: a person or a model."""

    id: Text
    kind: Literal["person", "model"]
    who: Text


class Decision(_Strict):
    """One difference between annotators, and the decision about it."""

    about: Text
    note: Text


class Article(_Strict):
    """The labelled article: the hash of its normalised text and the offsets of its sentences, which do not change."""

    file: Text = "article.txt"
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    sentences: Annotated[list[Annotated[list[int], Field(min_length=2, max_length=2)]], Field(min_length=1)]


class Gold(_Strict):
    """The labels of one article, by one annotator or adjudicated; `gold_type` adds a list for each kind of items."""

    case: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    split: Split
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    published: datetime.date | None = None
    licence: Text
    origin: Text
    tags: list[Text] = []
    guidelines: int
    annotators: Annotated[list[Annotator], Field(min_length=1)]
    adjudication: list[Decision] = []
    article: Article

    if TYPE_CHECKING:
        parties: list[GoldParty]
        rejected: list[HardNegative]

    def of(self, kind: str) -> Sequence[GoldItem]:
        """Return the items of a kind, by its plural."""
        items: Sequence[GoldItem] = getattr(self, kind)
        return items

    @property
    def items(self) -> Iterator[tuple[ItemKind, GoldItem]]:
        """All items with their kind."""
        for kind in kinds():
            yield from ((kind, item) for item in self.of(kind.plural))

    @property
    def claims(self) -> Iterator[tuple[ItemKind, GoldClaim]]:
        """All items except parties, with their kind."""
        yield from ((kind, item) for kind, item in self.items if isinstance(item, GoldClaim))

    @model_validator(mode="after")
    def _every_id_resolves(self) -> "Gold":
        ids = [item.id for _, item in self.items] + [negative.id for negative in self.rejected]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"two items have the id {twice[0]}; give each item its own id")
        for kind, item in self.items:
            if not item.id.startswith(kind.letter):
                raise ValueError(f"{item.id} is one of the {kind.plural}; change its id to begin with {kind.letter}")
        parties = {party.id for party in self.parties}
        targets = parties | {item.id for kind, item in self.items if kind.may_be_target}
        self._check_values()
        for where, used, known in self._references(parties, targets):
            if used not in known:
                raise ValueError(f"{where} names {used}, which does not exist; add it or correct the id")
        return self

    def _references(self, parties: set[str], targets: set[str]) -> Iterator[tuple[str, str, set[str]]]:
        """Yield every reference: where it is, the id, and the ids that are allowed there."""
        for kind, item in self.items:
            for name in kind.party_fields:
                value = item.value(name)
                used = value if isinstance(value, list) else [] if value is None else [value]
                yield from ((f"{name} of {item.id}", i, parties - {item.id}) for i in used)
            if kind.target and (id := item.value(kind.target).id) is not None:
                yield f"{kind.target} of {item.id}", id, targets
        for kind, item in self.items:
            yield from _alternatives(kind, item, parties, targets)

    def _check_values(self) -> None:
        """Raise ValueError if `also`, or a hard negative's `fields`, has a value that the field cannot have."""
        for kind, item in self.items:
            for name, values in item.also.items():
                _require_values(kind, name, values, f"also.{name} of {item.id}")
        for negative in self.rejected:
            kind = kind_named(negative.kind)
            for name, values in negative.fields.items():
                if name not in kind.alternatives:
                    known = ", ".join(kind.alternatives)
                    raise ValueError(f"fields of {negative.id} names {name!r}; choose one of {known}")
                _require_values(kind, name, values, f"fields.{name} of {negative.id}")


def _require_values(kind: ItemKind, name: str, values: Sequence[object], where: str) -> None:
    """Raise ValueError if the kind's label cannot have one of the values."""
    wrong = [value for value in values if name == kind.label and value not in kind.values]
    if wrong:
        raise ValueError(f"{where} is {wrong[0]!r}; choose one of {', '.join(kind.values)}")


def _alternatives(
    kind: ItemKind, item: GoldItem, parties: set[str], targets: set[str]
) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the references among the other right values of an item's fields."""
    for name, values in item.also.items():
        if name not in kind.alternatives:
            raise ValueError(
                f"also of {item.id} gives other values of {name!r}; choose one of {', '.join(kind.alternatives)}"
            )
        if name == kind.label:
            continue
        known = targets if name == kind.target else parties
        for value in values:
            ids = value if isinstance(value, list) else [value]
            yield from ((f"also.{name} of {item.id}", i, known) for i in ids if i is not None)


def gold_type() -> type[Gold]:
    """Return the class of label files, with a list for each kind of items."""
    return _gold_type(kinds())


@cache
def _gold_type(kinds: tuple[ItemKind, ...]) -> type[Gold]:
    names: Any = Literal[tuple(kind.plural for kind in kinds)]
    negative: Any = create_model("HardNegative", __base__=HardNegative, __doc__=HardNegative.__doc__, kind=(names, ...))
    lists: dict[str, Any] = {}
    for kind in kinds:
        item: Any = gold_item(kind)
        lists[kind.plural] = (list[item], [])
    lists["rejected"] = (list[negative], [])
    made: type[Gold] = create_model("Gold", __base__=Gold, __doc__=_ABOUT, **lists)
    return made


_ABOUT = "The labels of one article, by one annotator or adjudicated."


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Case:
    """One article with its gold labels.

    Attributes:
        folder: The folder of the article and its label files.
        gold: The labels.
    """

    folder: Path
    gold: Gold

    @property
    def id(self) -> str:
        """The name of the case, which is its folder's name."""
        return self.gold.case

    @cached_property
    def document(self) -> Document:
        """The article as the program reads it.

        Raises:
            InputError: The article cannot be read.
        """
        return read(self.folder / self.gold.article.file, published=self.gold.published)

    @property
    def sentences(self) -> list[str]:
        """The texts of the labelled sentences."""
        return [self.document.text[start:end] for start, end in self.gold.article.sentences]

    def frozen(self, start: int, end: int) -> frozenset[int]:
        """Return the numbers of the labelled sentences that a span of the text touches."""
        spans = enumerate(self.gold.article.sentences, 1)
        return frozenset(number for number, (first, last) in spans if first < end and start < last)


def load_gold(path: Path) -> Gold:
    """Return the labels in a file.

    Raises:
        InputError: The file cannot be read or is malformed; the message names the line, the item and the cure.
    """
    try:
        text = path.read_text("utf-8")
        data = _parsed(text)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check the path.") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        raise InputError(f"{path}{line} is not valid YAML ({problem}); correct it.") from None
    try:
        return gold_type().model_validate(data)
    except ValidationError as error:
        raise InputError(_explained(path, text, data, error)) from None


@lru_cache(maxsize=512)  # one run reads the same labels several times
def _parsed(text: str) -> object:
    return yaml12.load(text)


def _explained(path: Path, text: str, data: object, error: ValidationError) -> str:
    """Return a message about the first error in a gold file: its place, the item and the cure."""
    first = error.errors(include_url=False)[0]
    loc = [part for part in first["loc"] if isinstance(part, int) or part in _places(data, first["loc"])]
    line = yaml12.line_of(text, loc)
    item = _item_at(data, first["loc"])
    field = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "this field does not exist; correct its name or remove it"
    elif first["type"] == "missing":
        message = "this field is missing; add it"
    where = f", line {line}" if line else ""
    return f"{path}{where}{f', item {item}' if item else ''}: {field or 'the file'}: {message}."


def _places(data: object, loc: Sequence[Any]) -> set[Any]:
    found: set[Any] = set()
    for part in loc:
        try:
            data = data[part]  # type: ignore[index]  # data may be any YAML value
        except (KeyError, IndexError, TypeError):
            break
        found.add(part)
    return found


def _item_at(data: object, loc: Sequence[Any]) -> str | None:
    if len(loc) < 2 or not isinstance(data, dict):
        return None
    try:
        return str(data[loc[0]][loc[1]]["id"])
    except (KeyError, IndexError, TypeError):
        return None


def load_case(folder: Path) -> Case:
    """Return the case in a folder.

    Args:
        folder: The folder of the case.

    Raises:
        InputError: The labels are malformed or name another case.
    """
    file = folder / GOLD_FILE
    gold = load_gold(file)
    if gold.case != folder.name:
        raise InputError(f"{file}: the case is named {gold.case!r}; name it {folder.name!r}, like its folder.")
    return Case(folder, gold)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def frame(document: Document, **header: str) -> str:
    """Return a new gold file for a document: its header, its sentences, and empty lists of items.

    Args:
        document: The document to label.
        header: The values of `case`, `split`, `licence`, `origin`, `annotator`, `kind`, `who` and `file`.
    """
    published = document.published.isoformat() if document.published else "null"
    lines = [
        f"# yaml-language-server: $schema=../../{SCHEMA_FILE}",
        f"case: {header['case']}",
        f"split: {header['split']}",
        f"language: {document.language or 'en'}",
        f"published: {published}",
        f"licence: {quoted(header['licence'])}",
        f"origin: {quoted(header['origin'])}",
        "tags: []",
        f"guidelines: {GUIDELINES_VERSION}",
        "annotators:",
        f"  - {{id: {header['annotator']}, kind: {header['kind']}, who: {quoted(header['who'])}}}",
        "article:",
        f"  file: {header['file']}",
        f"  sha256: {document.sha256}",
        "  sentences:",
    ]
    for sentence in document.sentences:
        shown = " ".join(sentence.text.split())
        lines.append(f"    - [{sentence.start}, {sentence.end}]  # {sentence.number}: {shown}")
    empty = [f"{name}: []" for name in (*kind_names(), "rejected")]
    return "\n".join([*lines, *empty]) + "\n"


def quoted(text: str) -> str:
    """Return a text as a quoted YAML scalar."""
    return json.dumps(text, ensure_ascii=False)


def json_schema() -> str:
    """Return the JSON Schema of gold files, for editors, as JSON text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **gold_type().model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
