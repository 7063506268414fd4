"""Gold: what readers found in an article, as strict YAML 1.2 that a person can write and a program can hold to."""

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from summariser.documents.document import Document
from summariser.documents.readers import read
from summariser.errors import InputError
from summariser.evals.gold import yaml12
from summariser.schema import Kind, Stance, Status

GUIDELINES_VERSION = 2
GOLD_FILE = "gold.yaml"
SCHEMA_FILE = "gold.schema.json"  # beside the folder of cases; a line at the head of each gold file names it to editors

KindOfItem = Literal["parties", "commitments", "reactions", "risks"]
KINDS: tuple[KindOfItem, ...] = ("parties", "commitments", "reactions", "risks")
LETTER: dict[KindOfItem, str] = {"parties": "P", "commitments": "C", "reactions": "R", "risks": "K"}
Split = Literal["dev", "test"]

Text = Annotated[str, Field(min_length=1)]
Sentences = Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _GoldItem(_Strict):
    """What every labelled item has; see GUIDELINES.md for what each field means."""

    id: Text
    evidence: Annotated[list[Sentences], Field(min_length=1, description="alternative sets of sentence numbers")]
    accept: list[Text] = Field(default=[], description="other right wordings")
    also: dict[str, list[Any]] = Field(default={}, description="other right values of a field")
    optional: bool = Field(default=False, description="careful readers could differ: no reward, no penalty")
    note: str = Field(default="", description="why, for whoever reads this later")


class GoldParty(_GoldItem):
    """An actor of the story."""

    name: Text
    kind: Kind
    aliases: list[Text] = []
    affiliation: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)


class _GoldClaim(_GoldItem):
    words: Text = Field(description="the words of the first evidence that carry it, copied")
    numbers: list[Text] = Field(default=[], description="numbers without which it would be another item")


class GoldDeadline(_Strict):
    """By when: the text's words, and the day where they name one for certain."""

    text: Text
    date: datetime.date | None = None


class GoldCommitment(_GoldClaim):
    """A course of action that a party binds itself to or announces as its own."""

    by: Annotated[list[Text], Field(min_length=1)]
    to: list[Text] = []
    action: Text
    status: Status
    condition: Text | None = None
    deadline: GoldDeadline | None = None
    said_by: Text | None = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every right wording."""
        return (self.action, *self.accept)


class GoldTowards(_Strict):
    """What a reaction is about: the words, and the id of a party or commitment where it is one."""

    id: Text | None = None
    text: Text


class GoldReaction(_GoldClaim):
    """A stance that parties take."""

    by: Annotated[list[Text], Field(min_length=1)]
    towards: GoldTowards
    stance: Stance
    statement: Text
    quote: Text | None = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every right wording."""
        return (self.statement, *self.accept)


class GoldRisk(_GoldClaim):
    """A possible harm."""

    risk: Text
    raised_by: Text | None = None
    affects: list[Text] = []

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every right wording."""
        return (self.risk, *self.accept)


GoldClaim = GoldCommitment | GoldReaction | GoldRisk
GoldItem = GoldParty | GoldClaim


class HardNegative(_Strict):
    """What a system must not say; with `fields`, it is these values of a field that are wrong."""

    id: Text
    kind: KindOfItem
    text: Text
    evidence: Annotated[list[Sentences], Field(min_length=1)]
    fields: dict[str, list[str]] = {}
    why: Text


class Annotator(_Strict):
    """Who labelled: a person or a model, said honestly."""

    id: Text
    kind: Literal["person", "model"]
    who: Text


class Decision(_Strict):
    """One difference between annotators, and how it was settled."""

    about: Text
    note: Text


class Article(_Strict):
    """The text that the labels are about, frozen: the hash of its normalised text, and its sentences' offsets."""

    file: Text = "article.txt"
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    sentences: Annotated[list[Annotated[list[int], Field(min_length=2, max_length=2)]], Field(min_length=1)]


class Gold(_Strict):
    """The labels of one article, by one annotator or adjudicated."""

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
    parties: list[GoldParty] = []
    commitments: list[GoldCommitment] = []
    reactions: list[GoldReaction] = []
    risks: list[GoldRisk] = []
    rejected: list[HardNegative] = []

    def of(self, kind: KindOfItem) -> Sequence[GoldItem]:
        """The items of one kind."""
        items: Sequence[GoldItem] = getattr(self, kind)
        return items

    @property
    def items(self) -> Iterator[tuple[KindOfItem, GoldItem]]:
        """All items with their kind."""
        for kind in KINDS:
            yield from ((kind, item) for item in self.of(kind))

    @model_validator(mode="after")
    def _every_id_resolves(self) -> "Gold":
        ids = [item.id for _, item in self.items] + [negative.id for negative in self.rejected]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"the id {twice[0]} stands twice; give each item its own")
        for kind, item in self.items:
            if not item.id.startswith(LETTER[kind]):
                raise ValueError(f"{item.id} is one of the {kind}; let its id begin with {LETTER[kind]}")
        parties = {party.id for party in self.parties}
        targets = parties | {commitment.id for commitment in self.commitments}
        self._check_values()
        for where, used, known in self._references(parties, targets):
            if used not in known:
                raise ValueError(f"{where} names {used}, which is no such item; add it or correct the id")
        return self

    def _references(self, parties: set[str], targets: set[str]) -> Iterator[tuple[str, str, set[str]]]:
        for party in self.parties:
            yield from ((f"affiliation of {party.id}", i, parties - {party.id}) for i in _some(party.affiliation))
        for c in self.commitments:
            for name, ids in (("by", c.by), ("to", c.to), ("said_by", _some(c.said_by))):
                yield from ((f"{name} of {c.id}", i, parties) for i in ids)
        for r in self.reactions:
            yield from ((f"by of {r.id}", i, parties) for i in r.by)
            yield from ((f"towards of {r.id}", i, targets) for i in _some(r.towards.id))
        for k in self.risks:
            yield from ((f"raised_by of {k.id}", i, parties) for i in _some(k.raised_by))
            yield from ((f"affects of {k.id}", i, parties) for i in k.affects)
        for _, item in self.items:
            yield from self._alternatives(item, parties, targets)

    def _check_values(self) -> None:
        """Raises ValueError for a value of `also` or of a trap's fields that the field cannot have."""
        for _, item in self.items:
            for name, values in item.also.items():
                wrong = [v for v in values if name in CLOSED and v not in CLOSED[name]]
                if wrong:
                    raise ValueError(f"also.{name} of {item.id} is {wrong[0]!r}; choose of {', '.join(CLOSED[name])}")
        for negative in self.rejected:
            for name, values in negative.fields.items():
                known = HARD_NEGATIVE_FIELDS[negative.kind]
                if name not in known:
                    raise ValueError(f"fields of {negative.id} names {name!r}; choose of {', '.join(known)}")
                wrong = [v for v in values if name in CLOSED and v not in CLOSED[name]]
                if wrong:
                    raise ValueError(
                        f"fields.{name} of {negative.id} is {wrong[0]!r}; choose of {', '.join(CLOSED[name])}"
                    )

    def _alternatives(
        self, item: GoldItem, parties: set[str], targets: set[str]
    ) -> Iterator[tuple[str, str, set[str]]]:
        for name, values in item.also.items():
            if name not in ALTERNATIVES.get(type(item).__name__, ()):
                raise ValueError(f"also of {item.id} gives other values of {name!r}, which has none")
            if name in ("status", "stance", "kind"):
                continue
            known = targets if name == "towards" else parties
            for value in values:
                ids = value if isinstance(value, list) else [value]
                yield from ((f"also.{name} of {item.id}", i, known) for i in ids if i is not None)


CLOSED: dict[str, tuple[str, ...]] = {"kind": get_args(Kind), "status": get_args(Status), "stance": get_args(Stance)}
HARD_NEGATIVE_FIELDS: dict[KindOfItem, tuple[str, ...]] = {  # the fields of which a trap may name wrong values
    "parties": ("kind", "affiliation"),
    "commitments": ("by", "to", "status", "said_by"),
    "reactions": ("by", "towards", "stance"),
    "risks": ("raised_by", "affects"),
}
ALTERNATIVES = {  # the fields of which `also` may give other right values
    "GoldParty": ("kind", "affiliation"),
    "GoldCommitment": ("by", "to", "status", "said_by"),
    "GoldReaction": ("by", "towards", "stance"),
    "GoldRisk": ("raised_by", "affects"),
}


def _some(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Case:
    """One article with its gold, found in `folder`."""

    folder: Path
    gold: Gold

    @property
    def id(self) -> str:
        """The case's name, which is its folder's."""
        return self.gold.case

    @cached_property
    def document(self) -> Document:
        """The article as the program reads it. Raises InputError where it cannot be read."""
        return read(self.folder / self.gold.article.file, published=self.gold.published)

    @property
    def sentences(self) -> list[str]:
        """The texts of the frozen sentences."""
        return [self.document.text[start:end] for start, end in self.gold.article.sentences]

    def frozen(self, start: int, end: int) -> frozenset[int]:
        """The numbers of the frozen sentences that a span of the text touches."""
        spans = enumerate(self.gold.article.sentences, 1)
        return frozenset(number for number, (first, last) in spans if first < end and start < last)


def load_gold(path: Path) -> Gold:
    """The labels in a file. Raises InputError naming file, line and item, and the cure."""
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
        return Gold.model_validate(data)
    except ValidationError as error:
        raise InputError(_explained(path, text, data, error)) from None


@lru_cache(maxsize=512)  # labels are looked at several times in one run
def _parsed(text: str) -> object:
    return yaml12.load(text)


def _explained(path: Path, text: str, data: object, error: ValidationError) -> str:
    """The first thing wrong with a gold file: where, which item, and what to do."""
    first = error.errors(include_url=False)[0]
    loc = [part for part in first["loc"] if isinstance(part, int) or part in _places(data, first["loc"])]
    line = yaml12.line_of(text, loc)
    item = _item_at(data, first["loc"])
    field = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "there is no such field; correct its name or take it out"
    elif first["type"] == "missing":
        message = "this field is missing; add it"
    where = f", line {line}" if line else ""
    return f"{path}{where}{f', item {item}' if item else ''}: {field or 'the file'}: {message}."


def _places(data: object, loc: Sequence[Any]) -> set[Any]:
    found: set[Any] = set()
    for part in loc:
        try:
            data = data[part]  # type: ignore[index]  # whatever YAML holds
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


def load_case(folder: Path, file: str = GOLD_FILE) -> Case:
    """A case of the suite. Raises InputError where the labels are malformed or name another case."""
    gold = load_gold(folder / file)
    if gold.case != folder.name:
        raise InputError(
            f"{folder / file}: the case calls itself {gold.case!r}; give it its folder's name, {folder.name!r}."
        )
    return Case(folder, gold)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def frame(document: Document, **header: str) -> str:
    """The frame of a gold file for a document: its header and its frozen sentences, the lists still to be filled.

    `header` gives `case`, `split`, `licence`, `origin`, `who` and `annotator`.
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
    empty = [f"{kind}: []" for kind in (*KINDS, "rejected")]
    return "\n".join([*lines, *empty]) + "\n"


def quoted(text: str) -> str:
    """A text as a YAML scalar that holds whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def json_schema() -> str:
    """The JSON Schema of a gold file, for editors, as JSON text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Gold.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
