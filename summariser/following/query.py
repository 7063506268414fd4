"""Ask for commitments: the query, the rows that answer it, and the counts of what the answer leaves out."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from heapq import nsmallest
from typing import Any, NamedTuple, get_args

from summariser.errors import ConfigurationError
from summariser.following.parties import Meant, Parties
from summariser.schema import Status, Summary, VerdictLabel
from summariser.storage import CommitmentEntry, CommitmentIndex, DocumentEntry, Store, party_numbers
from summariser.text import norms, stem, tokenize


@dataclass(frozen=True, kw_only=True)
class Query:
    """Which commitments are wanted. Without any argument, all are.

    Attributes:
        by: Names of parties, one of which commits itself.
        to: Names of parties, to one of which the commitment is made.
        statuses: The wanted statuses; empty for all.
        verified: True for commitments with the verdict "supported" only.
        due_before: A day before which the deadline is.
        since: The day on or after which the document was published.
        text: Words, each of which is in the action or the condition, in any of its forms.
        same: Groups of names; the names of a group mean one party, which is called by the first.
        apart: Names that mean another party in each document.
        limit: The most commitments that are returned, those with the earliest deadlines; None for all.

    Raises:
        ConfigurationError: A value has a wrong type, a status does not exist, a name or `text` has no word, a name is
            in both `same` and `apart`, or `limit` is below 1.
    """

    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    verified: bool = False
    due_before: date | None = None
    since: date | None = None
    text: str = ""
    same: tuple[tuple[str, ...], ...] = ()
    apart: tuple[str, ...] = ()
    limit: int | None = None

    def __post_init__(self) -> None:
        lists: list[tuple[str, object]] = [
            (name, getattr(self, name)) for name in ("by", "to", "statuses", "apart", "same")
        ]
        for name, value in (*lists, *(("same", names) for names in self.same)):
            if isinstance(value, str):
                raise ConfigurationError(
                    f"The argument {name} has the text {value!r}; pass a tuple, as in ({value!r},)."
                )
        if unknown := [status for status in self.statuses if status not in get_args(Status)]:
            raise ConfigurationError(f"There is no status {unknown[0]!r}; choose of {', '.join(get_args(Status))}.")
        told = [name for names in self.same for name in names]
        for name in (*self.by, *self.to, *told, *self.apart):
            if not norms(name):
                raise ConfigurationError(f"{name!r} is no name of a party; give one with letters or digits.")
        if self.limit is not None and self.limit < 1:
            raise ConfigurationError(f"The limit is {self.limit}; give 1 or more.")
        if self.text and not tokenize(self.text):
            raise ConfigurationError(f"{self.text!r} has no word to look for; give one with letters or digits.")
        both = [name for name in told if norms(name) in map(norms, self.apart)]
        if both:
            raise ConfigurationError(f"{both[0]!r} is given both as the same party and as apart; leave one out.")


class FollowedCommitment(NamedTuple):
    """A commitment of one document, with the names that its parties have over all documents.

    Where several parties have one name, the name is followed by the source of one of them: "Tom Varga [a.txt]".

    Attributes:
        by: Who commits themselves.
        to: To whom.
        said_by: Who says so; None if the source itself does.
        action: What is to be done or not done.
        status: How firm it is.
        condition: The condition, in the source's words; None if there is none.
        deadline: By when, in the source's words; None if the source does not say.
        deadline_date: The day that these words name; None if they name none for certain.
        verdict: The verdict of the item.
        reason: Why the verdict is not "supported"; empty if it is.
        quotation: The words of the source.
        sentences: The numbers of the cited sentences, from 1.
        item: The id of the item in the summary.
        source: The name of the source.
        published: The day on which the source was published; None if it is unknown.
        text_sha256: The SHA-256 of the source's text.
    """

    by: tuple[str, ...]
    to: tuple[str, ...]
    said_by: str | None
    action: str
    status: Status
    condition: str | None
    deadline: str | None
    deadline_date: date | None
    verdict: VerdictLabel
    reason: str
    quotation: str
    sentences: tuple[int, ...]
    item: str
    source: str
    published: date | None
    text_sha256: str

    def to_json(self) -> dict[str, Any]:
        """Return the commitment as plain JSON."""
        found = self._asdict()
        for name in ("by", "to", "sentences"):
            found[name] = [*found[name]]
        for name in ("deadline_date", "published"):
            found[name] = found[name] and found[name].isoformat()
        return found


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The commitments that were asked for, and what the answer leaves out.

    Attributes:
        lines: The commitments as JSON, the earliest deadline first; those without a date come last.
        verdicts: The number of commitments that were found with each verdict, also of those beyond the limit.
        summaries: The number of summaries that were searched.
        incomplete: The number of these whose `run.status` is not "ok".
        replaced: The number of summaries that were left out because a later one is of the same text.
        undated: The number of commitments that were left out because their deadline has no date, or there is none.
        unpublished: The number of commitments that were left out because their document has no day of publication.
        unreadable: The number of summaries of a store that cannot be read.
        ambiguous: The names in `by` and `to` that may mean several parties, with the names of these.
        unknown: The names in the query that no party has.
    """

    lines: tuple[str, ...]
    verdicts: Mapping[VerdictLabel, int]
    summaries: int
    incomplete: int = 0
    replaced: int = 0
    undated: int = 0
    unpublished: int = 0
    unreadable: int = 0
    ambiguous: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[FollowedCommitment]:
        return iter(self.commitments)

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def commitments(self) -> tuple[FollowedCommitment, ...]:
        """The commitments, in the order of the lines."""
        return tuple(
            map(_followed, json.loads(f"[{','.join(self.lines)}]"))
        )  # at once, which takes a third of the time

    @property
    def beyond_limit(self) -> int:
        """The number of commitments that were found and left out because of the limit."""
        return sum(self.verdicts.values()) - len(self)


def commitments(summaries: Iterable[Summary], query: Query | None = None) -> Answer:
    """Return the commitments of summaries.

    A party that several summaries name is one if its kind and its full name are the same and nothing that they say of
    its country or affiliation differs; states are one by their code. Of several summaries of one text, the last counts,
    or the last that is complete.

    Args:
        summaries: The summaries.
        query: Which commitments are wanted; None for all.
    """
    with CommitmentIndex.of(summaries) as index:
        return _answered(index, query or Query())


def commitments_in(
    store: Store, query: Query | None = None, progress: Callable[[int, int], None] | None = None
) -> Answer:
    """Return the commitments of all summaries of a store, as `commitments` does.

    The summaries that an earlier version of the program kept are added to the store's index first, once.

    Args:
        store: The store.
        query: Which commitments are wanted; None for all.
        progress: Called while summaries are added to the index, with the number that is done and the number of all.

    Raises:
        StoreError: The store cannot be read or written.
    """
    told = progress or (lambda done, total: None)
    unreadable = store.index.complete(told)
    return replace(store.index.ask(partial(_answered, query=query or Query()), told), unreadable=unreadable)


# ── answering ────────────────────────────────────────────────────────────────────────────────────


def _answered(index: CommitmentIndex, query: Query) -> Answer:
    kept = index.documents()
    documents = {document.number: document for document in _latest(kept)}
    parties = Parties(index, documents, same=query.same, apart=query.apart)
    by, to = ({name: parties.meant(name) for name in names} for names in (query.by, query.to))
    found = _matching(index, query, documents, by=by.values(), to=to.values())
    dated = [entry for entry in found if query.due_before is None or entry.due is not None]
    placed = [entry for entry in dated if query.since is None or documents[entry.document].published]
    shown = _in_order(placed, documents, query.limit)
    return Answer(
        lines=tuple(_lines(shown, index, documents, parties)),
        verdicts=Counter(entry.verdict for entry in placed),
        summaries=len(documents),
        incomplete=sum(document.status != "ok" for document in documents.values()),
        replaced=len(kept) - len(documents),
        undated=len(found) - len(dated),
        unpublished=len(dated) - len(placed),
        ambiguous={name: each.labels for name, each in (by | to).items() if len(each.labels) > 1},
        unknown=tuple(
            dict.fromkeys([*(name for name, each in (by | to).items() if not each.labels), *parties.unknown])
        ),
    )


def _latest(documents: Sequence[DocumentEntry]) -> Iterable[DocumentEntry]:
    """Return the last document of each text, or the last whose summary is complete."""
    latest: dict[str, DocumentEntry] = {}
    for document in documents:
        before = latest.get(document.text)
        if before is None or document.status == "ok" or before.status != "ok":
            latest[document.text] = document
    return latest.values()


def _matching(
    index: CommitmentIndex,
    query: Query,
    documents: Mapping[int, DocumentEntry],
    *,
    by: Collection[Meant],
    to: Collection[Meant],
) -> list[CommitmentEntry]:
    """Return the commitments that a query asks for, and those that only lack the date or the day that it asks for."""
    candidates = set(documents)
    if query.since is not None:
        day = query.since.isoformat()
        candidates = {number for number, each in documents.items() if each.published is None or each.published >= day}
    if query.by:
        candidates &= {document for each in by for document in each.mentioned_in}
    if query.to:
        candidates &= {document for each in to for document in each.mentioned_in}
    languages = {document.language for document in documents.values()}
    entries = index.commitments(
        None if len(candidates) == len(documents) else candidates,
        statuses=query.statuses,
        verdicts=("supported",) if query.verified else (),
        due_before=query.due_before,
        stems=[{stem(token.norm, language) for language in languages} for token in tokenize(query.text)],
    )
    return [
        entry
        for entry in entries
        if entry.document in candidates
        and (not query.by or any(each.includes(entry.document, party_numbers(entry.actors)) for each in by))
        and (not query.to or any(each.includes(entry.document, party_numbers(entry.recipients)) for each in to))
    ]


def _in_order(
    entries: Sequence[CommitmentEntry], documents: Mapping[int, DocumentEntry], limit: int | None
) -> list[CommitmentEntry]:
    """Return the first commitments by deadline, day of publication, source, and place in the summary."""
    unknown = date.max.isoformat()
    ordered = sorted(documents.values(), key=lambda each: (each.published or unknown, each.source, each.text))
    ranks = {document.number: rank for rank, document in enumerate(ordered)}

    def order(entry: CommitmentEntry) -> tuple[str, int, int, str]:
        return entry.due or unknown, ranks[entry.document], len(entry.id), entry.id

    return sorted(entries, key=order) if limit is None else nsmallest(limit, entries, key=order)


def _lines(
    entries: Sequence[CommitmentEntry],
    index: CommitmentIndex,
    documents: Mapping[int, DocumentEntry],
    parties: Parties,
) -> Iterator[str]:
    """Yield commitments as JSON: the names of their parties, what the index has of them, and their document."""
    numbers = set(" ".join([f"{each.actors} {each.recipients}" for each in entries]).split())
    speakers = {each.speaker for each in entries if each.speaker is not None}
    label = parties.labels({*map(int, numbers), *speakers})
    of_document = {number: _in_json(_of_document(documents[number])) for number in {each.document for each in entries}}
    in_json = cache(_in_json)

    def names(document: int, numbers: str) -> str:
        return ", ".join(dict.fromkeys([in_json(label(document, number)) for number in party_numbers(numbers)]))

    for entry, content in zip(entries, index.content(entries), strict=True):
        by, to = names(entry.document, entry.actors), names(entry.document, entry.recipients)
        said_by = "null" if entry.speaker is None else in_json(label(entry.document, entry.speaker))
        document = of_document[entry.document]
        yield f'{{"by": [{by}], "to": [{to}], "said_by": {said_by}, {content[1:-1]}, {document[1:-1]}}}'


def _of_document(document: DocumentEntry) -> dict[str, str | None]:
    return {"source": document.source, "published": document.published, "text_sha256": document.text}


_in_json = json.JSONEncoder(ensure_ascii=False).encode


def _followed(found: dict[str, Any]) -> FollowedCommitment:
    """Return a commitment from its JSON."""
    for name in ("by", "to", "sentences"):
        found[name] = tuple(found[name])
    for name in ("deadline_date", "published"):
        found[name] = _day(found[name]) if found[name] else None
    return FollowedCommitment(**found)


@lru_cache(maxsize=16384)
def _day(iso: str) -> date:
    return date.fromisoformat(iso)
