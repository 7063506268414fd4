"""The index of commitments: what is asked of the commitments of many summaries, in tables of a store or in memory.

The tables repeat what the summaries say. They are filled when a summary is kept, and can be filled again from the
summaries. A row that is not what was written is damage, which ends a question.
"""

import hashlib
import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from typing import Any, NamedTuple, Self

from summariser.schema import Commitment, Party, Status, Summary, VerdictLabel
from summariser.storage.connections import migrations
from summariser.text import normalise, norms, stem, tokenize


class DocumentEntry(NamedTuple):
    """A document of the index.

    Attributes:
        number: Its number in the index.
        key: The key of its summary.
        text: The SHA-256 of its text.
        source: The name of its source.
        published: Its day of publication in ISO 8601.
        language: Its language.
        status: The `run.status` of its summary.
    """

    number: int
    key: str
    text: str
    source: str
    published: str | None
    language: str | None
    status: str


class PartyEntry(NamedTuple):
    """What one document or several say of a party, in the same words.

    The attributes that are not described here are those of an `Identity` of the linking.

    Attributes:
        number: Its number in the index.
        kind: State, person, organisation or group.
        name: Its name.
        names: Its name and aliases, as normalised words.
    """

    number: int
    kind: str
    name: str
    names: tuple[str, ...]
    key: str
    certain: bool
    other_keys: tuple[str, ...]
    country: str | None
    affiliation: tuple[str, ...]
    above: tuple[str, ...]


class CommitmentEntry(NamedTuple):
    """A commitment of a document, as it stands in the index; `content` gives its words.

    Attributes:
        document: The number of its document.
        id: Its id in the summary.
        actors: The numbers of the parties that commit themselves, with a space between them.
        recipients: The numbers of the parties to whom, with a space between them.
        speaker: The number of the party that says so; None if the source itself does.
        status: How firm it is.
        verdict: Its verdict.
        due: The day of its deadline in ISO 8601; None if none is known.
        stems: The stems of its action and condition.
        json: What the summary says of it, without parties, as JSON.
        sha256: The digest of all this.
    """

    document: int
    id: str
    actors: str
    recipients: str
    speaker: int | None
    status: "Status"
    verdict: "VerdictLabel"
    due: str | None
    stems: str
    json: bytes
    sha256: bytes


def party_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of parties, of a text in which they have a space between them."""
    return tuple(map(int, text.split())) if text else ()


class Rows(NamedTuple):
    """What the index keeps of a summary."""

    document: tuple[str, bytes, str | None, str | None, str]
    parties: dict[str, tuple[Any, ...]]
    commitments: list[tuple[Commitment, str, bytes]]


def rows_of(summary: Summary) -> Rows:
    """Return what the index keeps of a summary. It takes time, so do it before the transaction that writes."""
    from summariser.linking import identities

    document = summary.document
    known = identities(summary.parties, document.language)
    return Rows(
        document=(
            document.sha256,
            document.source.encode("utf-8", "surrogatepass"),
            document.published.isoformat() if document.published else None,
            document.language,
            summary.run.status,
        ),
        parties={
            party.id: (
                party.kind, normalise(party.name), _lines(_names(party)), i.key, int(i.certain), _lines(i.other_keys),
                i.country, _lines(i.affiliation), _lines(i.above),
            )
            for party in summary.parties if (i := known[party.id])
        },
        commitments=[(each, _stems(each, document.language), _packed(each)) for each in summary.commitments],
    )  # fmt: skip


def _names(party: Party) -> Iterable[str]:
    return dict.fromkeys(" ".join(norms(name)) for name in (party.name, *party.aliases))


def _stems(item: Commitment, language: str | None) -> str:
    """Return the stems of the action and the condition, with a space before and after each."""
    stems = (stem(token.norm, language) for token in tokenize(f"{item.action}\n{item.condition or ''}"))
    return f" {' '.join(stems)} "


def _packed(item: "Commitment") -> bytes:
    content = {
        "action": item.action,
        "status": item.status,
        "condition": item.condition,
        "deadline": item.deadline.text if item.deadline else None,
        "deadline_date": _due(item),
        "verdict": item.verdict,
        "reason": item.reason,
        "quotation": " … ".join(each.text for each in item.evidence if each.text is not None),
        "sentences": item.sentences,
        "item": item.id,
    }
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _lines(values: Iterable[str]) -> str:
    """Return values as lines, with a line end before and after each, so that a whole value can be searched for."""
    return "".join(f"\n{value}" for value in values) + "\n"


def _digest(values: Sequence[object], content: bytes = b"") -> bytes:
    """Return the SHA-256 of the values of a row and of its content, whose `repr` would take a third of the time."""
    return hashlib.sha256(repr(values).encode("utf-8", "backslashreplace") + content).digest()


class DamagedIndexError(Exception):
    """A row of the index is not what was written."""


class CommitmentIndex:
    """The index of the commitments in a database. Every method that reads may raise DamagedIndexError.

    Args:
        connection: The database, whose tables are those of a store.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def of(cls, summaries: Iterable[Summary]) -> Iterator[Self]:
        """Return a context manager that gives an index of summaries in memory."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            for script in migrations():
                connection.executescript(script)
            index = cls(connection)
            connection.execute("BEGIN")
            for number, summary in enumerate(summaries):
                index.add(str(number), float(number), rows_of(summary))
            connection.execute("COMMIT")
            yield index

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def add(self, key: str, made: float, rows: Rows) -> None:
        """Write the rows of a summary in place of earlier ones.

        Args:
            key: The key of the summary.
            made: The time at which it was kept.
            rows: Its rows.
        """
        self.remove(key)
        sql = "INSERT INTO documents VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
        row = (key, made, *rows.document)
        document = self._connection.execute(sql, (*row, _digest(row))).lastrowid
        numbers = {id: self._party(row) for id, row in rows.parties.items()}
        mentions = ((number, document) for number in set(numbers.values()))
        self._connection.executemany("REPLACE INTO mentions VALUES (?, ?)", mentions)

        def joined(ids: Iterable[str]) -> str:
            return " ".join(str(numbers[id]) for id in ids)

        commitments = (
            (document, item.id, joined(item.by), joined(item.to), numbers.get(item.said_by or ""), item.status,
             item.verdict, _due(item), stems, packed)
            for item, stems, packed in rows.commitments
        )  # fmt: skip
        insert = "REPLACE INTO commitments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._connection.executemany(insert, ((*each, _digest(each[:-1], each[-1])) for each in commitments))

    def _party(self, row: tuple[Any, ...]) -> int:
        """Return the number of a party, which is written if no document has said the same before."""
        digest = _digest(row)
        found = self._connection.execute("SELECT number FROM parties WHERE sha256 = ?", (digest,)).fetchone()
        if found is not None:
            return int(found[0])
        sql = "INSERT INTO parties VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        number = self._connection.execute(sql, (digest, *row)).lastrowid or 0
        keys = ((key, number) for key in set(_values(row[5])))
        self._connection.executemany("REPLACE INTO other_keys VALUES (?, ?)", keys)
        return number

    def remove(self, key: str) -> None:
        """Remove what the index keeps of a summary; parties that no document mentions any more do not count."""
        found = self._connection.execute("SELECT number FROM documents WHERE key = ?", (key,)).fetchone()
        if found is not None:
            self._connection.execute("DELETE FROM mentions WHERE document = ?", found)
            self._connection.execute("DELETE FROM commitments WHERE document = ?", found)
            self._connection.execute("DELETE FROM documents WHERE number = ?", found)

    def clear(self) -> None:
        """Remove everything."""
        for table in ("documents", "parties", "other_keys", "mentions", "commitments"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608  # the table name is a constant

    def lacking(self) -> list[str]:
        """Return the keys of the summaries that the index lacks, as programs without an index left them."""
        sql = """
            SELECT summaries.key FROM summaries LEFT JOIN documents
            ON documents.key = summaries.key AND documents.made = summaries.made WHERE documents.key IS NULL
        """
        return [key for (key,) in self._connection.execute(sql)]

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def documents(self) -> list[DocumentEntry]:
        """Return all documents, in the order in which their summaries were kept."""
        found: list[DocumentEntry] = []
        for number, *row in self._connection.execute("SELECT * FROM documents ORDER BY made, number"):
            key, _, text, source, *rest = _whole(row)
            found.append(DocumentEntry(number, key, text, source.decode("utf-8", "surrogatepass"), *rest))
        return found

    def commitments(
        self,
        documents: Iterable[int] | None = None,
        *,
        statuses: Sequence[str] = (),
        verdicts: Sequence[str] = (),
        due_before: date | None = None,
        stems: Sequence[Iterable[str]] = (),
    ) -> Iterator[CommitmentEntry]:
        """Yield the commitments for which all of this is true.

        Args:
            documents: The document is one of these; None for any.
            statuses: The status is one of these; any if there are none.
            verdicts: The verdict is one of these; any if there are none.
            due_before: The deadline is before this day, or has no day.
            stems: For each word, its stems in several languages: one of them is in the action or the condition.
        """
        wheres, values = ["TRUE"], list[str]()
        if documents is not None:
            wheres.append("document IN (SELECT value FROM json_each(?))")
            values.append(json.dumps([*documents]))
        for column, allowed in (("status", statuses), ("verdict", verdicts)):
            if allowed:
                wheres.append(f"{column} IN ({', '.join('?' * len(allowed))})")
                values += allowed
        if due_before is not None:
            wheres.append("(due IS NULL OR due < ?)")
            values.append(due_before.isoformat())
        for forms in stems:
            any_of = [f" {form} " for form in forms]
            wheres.append(f"({' OR '.join(['instr(stems, ?)'] * len(any_of)) or 'FALSE'})")
            values += any_of
        sql = f"SELECT * FROM commitments WHERE {' AND '.join(wheres)}"  # noqa: S608  # the conditions are constants
        yield from map(CommitmentEntry._make, self._connection.execute(sql, values))

    def content(self, wanted: Iterable[CommitmentEntry]) -> Iterator[str]:
        """Yield what the summaries say of commitments, without parties, in the same order: each as a JSON object."""
        for entry in wanted:
            content = entry.json
            if not isinstance(content, bytes) or _digest(entry[:-2], content) != entry.sha256:
                raise DamagedIndexError
            yield content.decode("utf-8", "surrogatepass")

    def parties(self, numbers: Iterable[int]) -> Iterator[PartyEntry]:
        """Yield the parties with these numbers."""
        sql = "SELECT * FROM parties WHERE number IN (SELECT value FROM json_each(?))"
        return map(_entry, self._connection.execute(sql, (json.dumps([*numbers]),)))

    def parties_with(self, keys: Iterable[str], *, besides: Container[int] = ()) -> Iterator[PartyEntry]:
        """Yield the parties with one of these keys, or with an alias that has one; a party may come twice.

        Args:
            keys: The keys.
            besides: The numbers of parties that are not wanted.
        """
        wanted = json.dumps([*keys])
        by_key = "SELECT * FROM parties WHERE key IN (SELECT value FROM json_each(?))"
        by_alias = """
            SELECT parties.* FROM other_keys JOIN parties ON number = party
            WHERE other_keys.key IN (SELECT value FROM json_each(?))
        """
        for sql in (by_key, by_alias):
            rows = self._connection.execute(sql, (wanted,))
            yield from (_entry(row) for row in rows if row[0] not in besides)

    def parties_called(self, words: str, *, part: str = "") -> Iterator[PartyEntry]:
        """Yield the parties with a name that consists of these words, and those with a name that contains a part.

        Args:
            words: The normalised words of the name, with a space between two of them.
            part: Characters; "" for none.
        """
        sql = "SELECT * FROM parties WHERE instr(names, ?) OR (? != '' AND instr(names, ?))"
        return map(_entry, self._connection.execute(sql, (f"\n{words}\n", part, part)))

    def mentions(self, parties: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield the documents that mention these parties, each as the party and the document, in their order."""
        sql = "SELECT party, document FROM mentions WHERE party IN (SELECT value FROM json_each(?)) ORDER BY 1, 2"
        yield from self._connection.execute(sql, (json.dumps([*parties]),))


def _whole(row: Sequence[Any]) -> Sequence[Any]:
    """Return the values of a row without the digest at its end.

    Raises:
        DamagedIndexError: The digest is that of other values.
    """
    values = row[:-1]
    if _digest(tuple(values)) != row[-1]:
        raise DamagedIndexError
    return values


def _due(item: Commitment) -> str | None:
    return item.deadline.date.isoformat() if item.deadline and item.deadline.date else None


def _entry(row: tuple[Any, ...]) -> PartyEntry:
    number, digest, *values = row
    kind, name, names, key, certain, other_keys, country, affiliation, above = _whole((*values, digest))
    return PartyEntry(
        number, kind, name, _values(names), key, bool(certain), _values(other_keys), country, _values(affiliation),
        _values(above),
    )  # fmt: skip


def _values(lines: str) -> tuple[str, ...]:
    return tuple(lines[1:-1].split("\n")) if len(lines) > 1 else ()
