"""The Summary: the checked result that callers get."""

import hashlib
import html
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import create_model, model_validator

from summariser.errors import (
    BudgetError,
    ConfigurationError,
    IncompleteError,
    InputError,
    InvalidOutputError,
    RefusedError,
    SummariserError,
    TruncatedError,
)
from summariser.render import View, to_markdown
from summariser.schema.base import Frozen, Item
from summariser.schema.kinds import (
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
from summariser.schema.rows import row_of
from summariser.schema.values import RunStatus
from summariser.schema.version_1 import is_version_1, upgraded
from summariser.schema.views import view_of
from summariser.schema.warnings import SummaryWarning

if TYPE_CHECKING:
    from summariser.documents import Document

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
        requests = "1 request" if self.requests == 1 else f"{self.requests} requests"
        status = "" if self.status == "ok" else f" · {self.status}"
        return (
            f"{self._asked()} · {requests} · {self.input_tokens:,} tokens in "
            f"({self.cached_tokens:,} cached), {self.output_tokens:,} out · {self.seconds:.0f} s · {cost}{status}"
        )

    def maker(self) -> str:
        """Return what made the Summary, for its readers: prompt and model, and the status unless it is "ok"."""
        return self._asked() + ("" if self.status == "ok" else f" · {self.status}")

    def _asked(self) -> str:
        return f"{' + '.join((self.prompt, *self.passes))} · {self.model}"


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

    def to_markdown(self, *, full: bool = False) -> str:
        """Return the Summary as Markdown; the words of the source and of the model are escaped.

        Args:
            full: True for every item with its id and its reason, and every warning; False for a text to send.
        """
        return to_markdown(self.view(), full=full)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row for each item, for tables: plain values by column, with names beside ids and days as dates."""
        return [row_of(kind, item, self.name) for kind in kinds() for item in self.of(kind)]

    def to_html(self, document: "Document | None" = None) -> str:
        """Return the Summary beside its article as one HTML page, which sends and loads nothing.

        Args:
            document: The document that it was made from. By default the one that it was just made from; a Summary that
                was read from a file has none, and its page shows only the cited passages.

        Raises:
            InputError: The Summary was made from another document.
        """
        from summariser.render.page import to_html

        return to_html(self.view(self.source if document is None else document))

    def view(self, document: "Document | None" = None) -> View:
        """Return the Summary as a View in words, which the renderings show.

        Args:
            document: The document that it was made from, for a rendering that shows it.

        Raises:
            InputError: The Summary was made from another document.
        """
        return view_of(self, document)

    @cached_property
    def source(self) -> "Document | None":
        """The document if the Summary was just made from it; it is no part of the JSON."""
        return None

    def with_source(self, document: "Document") -> Self:
        """Return the Summary with the document that it was made from, which the page and comparisons use.

        Raises:
            InputError: The Summary was made from another document.
        """
        if document.sha256 != self.document.sha256:
            raise InputError(
                f"The summary of {self.document.source} was made from another text; give the one that it was made from."
            )
        self.__dict__["source"] = document
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Return what pickle needs: the data, since the class may be made of declared kinds."""
        return _unpickled, (self.model_dump(mode="json"), self.source)

    def _repr_markdown_(self) -> str:
        """Return the Markdown that a notebook shows."""
        return self.to_markdown()

    def _repr_html_(self) -> str:
        """Return the page that a notebook shows, in a frame of its own."""
        page = html.escape(self.to_html(), quote=True)
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="Summary" '
            'style="width: 100%; height: 45rem; border: 0"></iframe>'
        )


def summary_type() -> type[Summary]:
    """Return the class of Summaries with a list for each kind, including the kinds that `declared` added."""
    return _summary_type(kinds())


def _unpickled(data: object, source: "Document | None") -> Summary:
    summary = summary_type().model_validate(data)
    return summary if source is None else summary.with_source(source)


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
