"""The Summary: the checked result that callers get."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from pydantic import create_model, model_validator

from summariser.errors import (
    BudgetError,
    ConfigurationError,
    IncompleteError,
    InvalidOutputError,
    RefusedError,
    SummariserError,
    TruncatedError,
)
from summariser.render import MARK_NAMES, MARKS, Line, Mark, Section, View, to_markdown
from summariser.schema.base import Frozen, Item
from summariser.schema.kinds import (
    PARTY,
    Commitment,
    ItemKind,
    Party,
    Reaction,
    Risk,
    claims,
    ids_in,
    kind_names,
    kinds,
)
from summariser.schema.values import RunStatus, VerdictLabel
from summariser.schema.version_1 import is_version_1, upgraded
from summariser.schema.warnings import SummaryWarning

SCHEMA_VERSION: Literal[2] = 2


class DocumentInfo(Frozen):
    """The document that was summarised.

    Attributes:
        source: The name of its source, such as a path.
        sha256: The SHA-256 of the normalised text in UTF-8.
        title: Its title.
        published: Its day of publication.
        language: Its language, as an ISO 639-1 code.
        sentences: The number of its sentences.
        characters: The length of the normalised text, in Unicode code points.
        author: Its author, if the file or the page names one.
        address: The address of the page that it comes from, after redirects.
        fetched: The time at which that page was read.
    """

    source: str
    sha256: str
    title: str | None
    published: date | None
    language: str | None
    sentences: int
    characters: int
    author: str | None = None
    address: str | None = None
    fetched: datetime | None = None


class Run(Frozen):
    """How the Summary was made, and its cost.

    Attributes:
        status: "ok", or why the Summary is incomplete.
        prompt: The id of the prompt.
        prompt_sha256: The SHA-256 of the prompt's file.
        passes: The ids of the prompts of the postprocessing steps.
        model: The model, as provider/name.
        requests: The number of requests to the model.
        input_tokens: The tokens of all requests.
        cached_tokens: The input tokens that the provider had cached.
        output_tokens: The tokens of all answers.
        cost_usd: The price in US dollars; None if it is unknown.
        seconds: The duration, in seconds.
        summariser: The version of this package.
    """

    status: RunStatus
    prompt: str
    prompt_sha256: str
    passes: tuple[str, ...] = ()
    model: str
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: float
    summariser: str

    def in_words(self) -> str:
        """Return prompt, model, tokens, seconds and cost in one line."""
        cost = "cost unknown" if self.cost_usd is None else f"${self.cost_usd:.4f}" if self.cost_usd else "no cost"
        status = "" if self.status == "ok" else f" · {self.status}"
        requests = "1 request" if self.requests == 1 else f"{self.requests} requests"
        prompts = " + ".join((self.prompt, *self.passes))
        return (
            f"{prompts} · {self.model} · {requests} · {self.input_tokens:,} tokens in "
            f"({self.cached_tokens:,} cached), {self.output_tokens:,} out · {self.seconds:.0f} s · {cost}{status}"
        )


class Summary(Frozen):
    """A report as parties, commitments, reactions and risks, each linked to the words of the source."""

    schema_version: Literal[2] = SCHEMA_VERSION
    document: DocumentInfo
    headline: str
    overview: str
    parties: tuple[Party, ...]
    commitments: tuple[Commitment, ...]
    reactions: tuple[Reaction, ...]
    risks: tuple[Risk, ...]
    warnings: tuple[SummaryWarning, ...]
    run: Run

    def of(self, kind: ItemKind) -> Sequence[Item]:
        """Return the items of a kind."""
        items: Sequence[Item] = getattr(self, kind.plural, ())
        return items

    @property
    def items(self) -> Iterator[Item]:
        """All items: parties, commitments, reactions and risks, in this order."""
        for kind in kinds():
            yield from self.of(kind)

    @property
    def claims(self) -> Iterator[Item]:
        """All items but parties: what the Summary claims of the source."""
        for kind in claims():
            yield from self.of(kind)

    @property
    def unverified(self) -> tuple[Item, ...]:
        """The items whose verdict is not "supported", without inferred ones."""
        return tuple(item for item in self.items if not item.verified and not item.inferred)

    @property
    def refuted(self) -> tuple[Item, ...]:
        """The items of which the source contradicts something, or whose quotation is not the source's."""
        return tuple(item for item in self.items if item.verdict == "refuted")

    def name(self, id: str) -> str:
        """Return the name of a party.

        Args:
            id: The party's id, such as "P1".

        Raises:
            KeyError: No party has this id.
        """
        return {party.id: party.name for party in self.parties}[id]

    def warnings_about(self, item: Item) -> tuple[SummaryWarning, ...]:
        """Return the warnings about an item."""
        return tuple(warning for warning in self.warnings if warning.item == item.id)

    @model_validator(mode="before")
    @classmethod
    def _read_version_1(cls, data: object) -> object:
        """Read a Summary of version 1 as well."""
        return upgraded(data, kind_names()) if isinstance(data, dict) and is_version_1(data) else data

    @model_validator(mode="after")
    def _every_id_resolves(self) -> "Summary":
        ids = [item.id for item in self.items]
        if len(ids) != len(set(ids)):
            raise ValueError("two items have the same id")
        parties, known = {party.id for party in self.parties}, set(ids)
        for where, used, allowed in self._references(parties, known):
            if used not in allowed:
                raise ValueError(f"{where} names {used}, which does not exist")
        return self

    def _references(self, parties: set[str], known: set[str]) -> Iterator[tuple[str, str, set[str]]]:
        """Yield every reference: where it is, the id, and the ids that are allowed there."""
        for kind in kinds():
            for item in self.of(kind):
                for name in kind.party_fields:
                    yield from ((item.id, id, parties - {item.id}) for id in ids_in(item, name))
                for name in kind.items:
                    yield from ((item.id, id, known) for id in ids_in(item, name))
                if kind.target and (id := getattr(item, kind.target).id) is not None:
                    yield item.id, id, known
        for warning in self.warnings:
            if warning.item is not None:
                yield "a warning", warning.item, known

    def check(self, text: str) -> None:
        """Check the hash, the offsets and the sentence numbers against the normalised text of the document.

        Args:
            text: The document's `text`.

        Raises:
            ValueError: The text does not match; the message names the first mismatch.
        """
        if self.document.sha256 != hashlib.sha256(text.encode()).hexdigest():
            raise ValueError("this summary was made from another text")
        for item in self.items:
            for evidence in item.evidence:
                if evidence.start is not None and text[evidence.start : evidence.end] != evidence.text:
                    raise ValueError(f"the offsets of {item.id} do not yield its text")
                if any(not 1 <= n <= self.document.sentences for n in evidence.sentences):
                    raise ValueError(f"{item.id} cites a sentence that does not exist")

    def raise_for_status(self) -> None:
        """Raise the error that says why this is not whole, unless `run.status` is "ok".

        Raises:
            IncompleteError: some calls failed (partial).
            RefusedError: the model or its filter declined (refused).
            TruncatedError: an answer was cut off (truncated).
            InvalidOutputError: an answer could not be used (invalid).
            BudgetError: the budget was reached (over_budget).
        """
        if self.run.status == "ok":
            return
        errors: dict[str, type[SummariserError]] = {
            "refused": RefusedError,
            "truncated": TruncatedError,
            "invalid": InvalidOutputError,
            "over_budget": BudgetError,
        }
        said = (w.message for w in self.warnings if w.code in ("call_failed", "answer_incomplete", "read_in_part"))
        raise errors.get(self.run.status, IncompleteError)(next(said, "Some calls failed; try the document again."))

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the Summary as JSON text; Unicode is kept as it is."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent)

    def to_markdown(self) -> str:
        """Return the Summary as Markdown; the words of the source and of the model are escaped."""
        return to_markdown(self.view())

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row for each item, for tables: plain values by column, with names in place of ids."""
        return [self._row(kind, item) for kind in kinds() for item in self.of(kind)]

    def view(self) -> View:
        """Return the Summary as a View in words, which the renderings show."""
        document = self.document
        facts = [document.source, document.published.isoformat() if document.published else None, document.language]
        return View(
            headline=self.headline or document.title or "(no headline)",
            facts=tuple(filter(None, facts)),
            overview=self.overview,
            sections=tuple(self._section(kind) for kind in (*claims(), PARTY)),
            warnings=tuple(warning.message for warning in self.warnings if warning.item is None),
            tally=self._tally(),
            closing=self.run.in_words(),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Return what pickle needs: the data, since the class may be made of declared kinds."""
        return _unpickled, (self.model_dump(mode="json"),)

    def _repr_markdown_(self) -> str:
        """Return the Markdown that a notebook shows."""
        return self.to_markdown()

    def _names(self, ids: tuple[str, ...]) -> str:
        return ", ".join(map(self.name, ids))

    def _section(self, kind: ItemKind) -> Section:
        lines = [self._line(kind, item) for item in self.of(kind)]
        return Section(kind.heading, tuple(sorted(lines, key=lambda line: MARKS.index(line.mark))))

    def _line(self, kind: ItemKind, item: Item) -> Line:
        label, who, what = kind.in_words(item, self._names)
        reason = "" if item.inferred else item.reason
        return Line(
            id=item.id,
            label=label,
            who=who,
            what=what,
            where=_where(kind, item),
            mark=_mark(item),
            reason=reason,
            notes=tuple(warning.message for warning in self.warnings_about(item) if warning.message != reason),
        )

    def _tally(self) -> str:
        marks = Counter(_mark(item) for item in self.items)
        if not marks:
            return "Nothing was found in this text."
        counted = ", ".join(f"{marks[mark]} {MARK_NAMES[mark]} ({mark})" for mark in MARKS if mark in marks)
        return f"{marks.total()} {'item' if marks.total() == 1 else 'items'}: {counted}"

    def _row(self, kind: ItemKind, item: Item) -> dict[str, Any]:
        def names(field: str | None) -> str:
            return "; ".join(map(self.name, ids_in(item, field)))

        target, deadline = getattr(item, kind.target) if kind.target else None, getattr(item, "deadline", None)
        others = [field for field in kind.party_fields if field != kind.actor]
        row: dict[str, Any] = {
            "item": item.id,
            "kind": kind.name,
            "label": str(getattr(item, kind.label)) if kind.label else None,
            "who": item.name if isinstance(item, Party) else names(kind.actor),
            "to": target.text if target else names(others[0]) if others else None,
            "text": getattr(item, kind.text),
            "verified": item.verified,
            "sentences": " ".join(str(n) for e in item.evidence for n in e.sentences),
            "evidence": " … ".join(e.text for e in item.evidence if e.text is not None),
            "verdict": item.verdict,
            "confidence": item.confidence,
            "reason": item.reason or None,
            "match": "; ".join(dict.fromkeys(e.match for e in item.evidence)),
            "deadline": deadline.text if deadline else None,
            "deadline_date": deadline.date.isoformat() if deadline and deadline.date else None,
        }
        row |= {name: getattr(item, name, None) for name in ("condition", "quote", "basis")}
        row["rests_on"] = "; ".join(getattr(item, "rests_on", ())) or None
        return {column: value for column, value in row.items() if value is not None}


MARK_OF: dict[VerdictLabel, Mark] = {"supported": "✓", "not_enough_info": "?", "refuted": "✗"}


def _mark(item: Item) -> Mark:
    return "~" if item.inferred else MARK_OF[item.verdict]


def _where(kind: ItemKind, item: Item) -> str:
    """Return the numbers of the cited sentences, such as `[4]`, and how the words match if they do not stand there."""
    if item.inferred:
        return f"from {', '.join(id for name in kind.items for id in ids_in(item, name))}"
    places = []
    for evidence in item.evidence:
        cited = ", ".join(map(str, evidence.sentences)) or "–"
        places.append(f"[{cited}]" if evidence.match == "verbatim" else f"[{cited}] {evidence.match}")
    return " ".join(dict.fromkeys(places))


def summary_type() -> type[Summary]:
    """Return the class of Summaries with a list for each kind, including the kinds that `declared` added."""
    return _summary_type(kinds())


def _unpickled(data: object) -> Summary:
    return summary_type().model_validate(data)


@cache
def _summary_type(kinds: tuple[ItemKind, ...]) -> type[Summary]:
    further = [kind for kind in kinds if kind.plural not in Summary.model_fields]
    if not further:
        return Summary
    lists: dict[str, Any] = {}
    for kind in further:
        item: Any = kind.item
        lists[kind.plural] = (tuple[item, ...], ())
    made: type[Summary] = create_model("Summary", __base__=Summary, **lists)
    return made


def summary_json_schema(version: int = SCHEMA_VERSION) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of Summaries.

    Args:
        version: The version of the format: 2, which this version of the program writes, or 1, which it only reads.

    Raises:
        ConfigurationError: There is no such version.
    """
    if version == 1:
        from importlib.resources import files

        schema_1: dict[str, object] = json.loads(
            (files("summariser.schema") / "summary.v1.schema.json").read_text("utf-8")
        )
        return schema_1
    if version != SCHEMA_VERSION:
        raise ConfigurationError(f"There is no version {version} of the format; choose 1 or {SCHEMA_VERSION}.")
    schema = summary_type().model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
