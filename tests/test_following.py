"""Following: who promised what to whom over many summaries, as a function and as a command."""

import csv
import io
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summariser.batch.results import Result
from summariser.cli.commitments import Status as StatusOption
from summariser.errors import ConfigurationError, RefusedError, StoreError
from summariser.following import Query, commitments, commitments_in, to_calendar
from summariser.linking import identities
from summariser.schema import Commitment, DocumentInfo, Evidence, Party, Run, Status, Summary, declared, summary_type
from summariser.schema.kinds import Deadline
from summariser.storage.store import Store
from tests.program import Ran, run
from tests.test_fifth_kind import APPOINTMENT
from tests.test_pipeline import made
from tests.test_schema import VERSION_1

RUN = Run(
    status="ok", prompt="brief@3", prompt_sha256="0" * 64, model="openai/x", requests=1, input_tokens=0,
    cached_tokens=0, output_tokens=0, cost_usd=None, seconds=0, summariser="0.1.0",
)  # fmt: skip


def party(
    name: str, kind: str = "person", of: str | None = None, *, aliases: Sequence[str] = (), **more: object
) -> dict:
    """A party; `of` is the name of the party that it belongs to."""
    return {"name": name, "kind": kind, "aliases": tuple(aliases), "affiliation": of, "role": "", **more}


def promise(by: str, action: str = "close the mill", *, to: str = "", due: str | None = None, **more: object) -> dict:
    """A commitment of a party to another one, with the day of its deadline."""
    deadline = Deadline(text="by then", date=date.fromisoformat(due)) if due else None
    return {"by": by, "to": to, "action": action, "status": "pledged", "condition": None, "deadline": deadline} | more


def summary(
    source: str,
    parties: Iterable[dict] = (),
    promises: Iterable[dict] = (),
    *,
    published: str | None = "2031-03-01",
    status: str = "ok",
    text: str = "",
    language: str | None = "en",
) -> Summary:
    """A summary whose items name parties by their names; what is promised by nobody listed is by a new person."""
    parties, promises = list(parties), list(promises)
    known = {each["name"] for each in parties}
    named = [each[field] for each in promises for field in ("by", "to", "said_by") if each.get(field)]
    parties += [party(name) for name in dict.fromkeys(named) if name not in known]
    ids = {each["name"]: f"P{number}" for number, each in enumerate(parties, 1)}
    bare = {"evidence": (), "verdict": "not_enough_info", "verified": False}
    return Summary(
        document=DocumentInfo(
            source=source, sha256=sha256((text or source).encode(errors="replace")).hexdigest(), title=None,
            published=date.fromisoformat(published) if published else None, language=language, sentences=9,
            characters=900,
        ),
        headline="", overview="", reactions=(), risks=(), warnings=(), run=RUN.model_copy(update={"status": status}),
        parties=tuple(
            Party.model_validate(bare | each | {"id": ids[each["name"]], "affiliation": ids.get(each["affiliation"])})
            for each in parties
        ),
        commitments=tuple(
            _promise({**bare, **each, "id": f"C{number}"}, ids) for number, each in enumerate(promises, 1)
        ),
    )  # fmt: skip


def _promise(fields: dict, ids: dict[str, str]) -> Commitment:
    words = f"will {fields['action']}"
    evidence = Evidence(sentences=(3, 4), start=10, end=10 + len(words), text=words, match="verbatim")
    named = {
        "by": tuple(ids[name] for name in (fields["by"],) if name),
        "to": tuple(ids[name] for name in (fields["to"],) if name),
        "said_by": ids.get(fields.get("said_by", "")),
    }
    verified = fields["verdict"] == "supported"
    return Commitment.model_validate({**fields, **named, "evidence": (evidence,), "verified": verified})


def actors(*summaries: Summary, **query: object) -> list[str]:
    """The actors of all commitments, in the order of their sources."""
    rows = sorted(commitments(summaries, Query(**query)), key=lambda row: row.source)
    return [name for row in rows for name in row.by]


def of_two(one: dict, other: dict, *others: dict, **query: object) -> list[str]:
    """How two parties of two documents are called, each of which promises something there."""
    both = [
        summary(f"{number}.txt", [each, *others], [promise(each["name"])])
        for number, each in enumerate((one, other), 1)
    ]
    return actors(*both, **query)


# ── the same party in several documents ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (party("Tom Varga"), party("TOM VARGA")),
        (party("Tom Varga"), party("President Tom Varga")),
        (party("Tom Varga"), party("Tom Varga, the minister")),
        (party("Tom Varga"), party("Varga", aliases=["Tom Varga"])),
        (party("Ludwig van der Berg"), party("Ludwig van der Berg")),
        (party("Dockers' Guild of Brenn", "organisation"), party("Dockers’ Guild of Brenn", "organisation")),
        (party("the Orvel Gas", "organisation"), party("Orvel Gas", "organisation")),
        (party("Orvel Gas", "organisation"), party("Tolva Energy", "organisation", aliases=["Orvel Gas"])),
        (party("Norwegian Foreign Ministry", "organisation"), party("Norwegian Foreign Ministry", "organisation")),
        (party("Ridge Relief Corps", "group"), party("Ridge Relief Corps", "group")),
        (party("Saravelle", "state"), party("Saravelle", "state")),
    ],
)
def test_parties_with_one_full_name_are_one(one: dict, other: dict):
    assert len(set(of_two(one, other))) == 1


@pytest.mark.parametrize(
    "same",
    [
        party("Varga"),
        party("Mr Varga"),
        party("A. Varga"),
        party("the minister"),
        party("Prime Minister"),
        party("President of Norway"),
        party("Varga's successor"),
        party("RPA", "organisation"),
        party("ministry", "organisation"),
        party("government", "organisation"),
        party("Foreign Ministry", "organisation"),
        party("Shipping Ministry", "organisation"),
        party("Central Bank", "organisation"),
        party("City Council", "organisation"),
        party("Brenn-based company", "organisation"),
        party("Norwegian company", "organisation"),
        party("residents’ association", "organisation"),
        party("Consejería de Agua", "organisation", language="es"),
        party("officials", "group"),
        party("Norwegian officials", "group"),
        party("Residents", "group"),
        party("partner country", "state"),
    ],
    ids=lambda each: each["name"],
)
def test_a_surname_an_acronym_or_a_description_alone_joins_nothing(same: dict):
    language = same.pop("language", "en")
    both = [summary(f"{n}.txt", [same], [promise(same["name"])], language=language) for n in (1, 2)]
    assert actors(*both) == [f"{same['name']} [1.txt]", f"{same['name']} [2.txt]"]


def test_a_name_of_two_kinds_is_two_parties():
    assert of_two(party("Ridge Relief Corps", "group"), party("Ridge Relief Corps", "organisation")) == [
        "Ridge Relief Corps [1.txt]",
        "Ridge Relief Corps [2.txt]",
    ]


def test_states_are_one_by_their_code_whatever_they_are_called():
    one, other = party("Russia", "state", country="RU"), party("Moscow", "state", country="RU")
    assert of_two(one, other) == ["Russia", "Russia"]
    assert of_two(party("EU", "state"), party("European Union", "state")) == ["European Union"] * 2


BODIES = [party("Orvel Gas", "organisation"), party("Brenn Tramways", "organisation")]
STATES = [party("Norway", "state", country="NO"), party("Peru", "state", country="PE")]


@pytest.mark.parametrize(
    ("one", "other", "others"),
    [
        (party("Tom Varga", of="Orvel Gas"), party("Tom Varga", of="Brenn Tramways"), BODIES),
        (party("Tom Varga", of="Norway"), party("Tom Varga", of="Peru"), STATES),
        (
            party("Central Rail Watch", "organisation", "Norway"),
            party("Central Rail Watch", "organisation", "Peru"),
            STATES,
        ),
        (
            party("Foreign Ministry", "organisation", "Norway"),
            party("Foreign Ministry", "organisation", "Peru"),
            STATES,
        ),
    ],
)
def test_namesakes_of_different_affiliations_or_countries_stay_apart_and_their_source_tells_which(
    one: dict, other: dict, others: list[dict]
):
    assert of_two(one, other, *others) == [f"{one['name']} [1.txt]", f"{one['name']} [2.txt]"]


def test_namesakes_of_one_affiliation_in_two_countries_stay_apart():
    both = [
        summary(
            f"{n}.txt",
            [party("Tom Varga", of="Harbour Watch"), party("Harbour Watch", "organisation", of=state["name"]), state],
            [promise("Tom Varga")],
        )
        for n, state in enumerate(STATES)
    ]
    assert actors(*both) == ["Tom Varga [0.txt]", "Tom Varga [1.txt]"]


def test_an_affiliation_within_the_other_one_speaks_against_nothing():
    ministry = party("Norwegian Water Ministry", "organisation", "Norway")
    assert of_two(party("Tom Varga", of="Norway"), party("Tom Varga", of=ministry["name"]), ministry, *STATES) == [
        "Tom Varga",
        "Tom Varga",
    ]


def test_an_affiliation_that_is_only_described_or_that_the_source_contradicts_speaks_against_nothing():
    committee = party("camp committee", "organisation")
    assert (
        len(
            set(of_two(party("Tom Varga", of="Orvel Gas"), party("Tom Varga", of="camp committee"), committee, *BODIES))
        )
        == 1
    )
    checks = ({"field": "affiliation", "outcome": "contradicted", "reason": "The text says Brenn Tramways."},)
    wrong = party("Tom Varga", of="Orvel Gas", checks=checks)
    assert len(set(of_two(wrong, party("Tom Varga", of="Brenn Tramways"), *BODIES))) == 1


def test_of_namesakes_that_stay_apart_those_of_one_affiliation_are_one_and_those_of_none_are_alone():
    of = ["Orvel Gas", "Brenn Tramways", "Orvel Gas", None, None]
    found = actors(
        *(
            summary(f"{n}.txt", [party("Tom Varga", of=each), *BODIES], [promise("Tom Varga")])
            for n, each in enumerate(of)
        )
    )
    assert found == [f"Tom Varga [{n}.txt]" for n in (0, 1, 0, 3, 4)]


@pytest.mark.parametrize("name", ["RPA", "Foreign Ministry", "government", "Supreme Court"])
def test_an_organ_or_an_acronym_is_one_where_the_country_is_the_same(name: str):
    one = party(name, "organisation", "Norway")
    assert of_two(one, one, *STATES) == [name, name]


@pytest.mark.parametrize("name", ["ministry", "cabinet committee", "City Council"])
def test_a_body_of_which_a_country_has_several_is_not_one_because_of_the_country(name: str):
    one = party(name, "organisation", "Norway")
    assert of_two(one, one, *STATES) == [f"{name} [1.txt]", f"{name} [2.txt]"]


def test_parties_that_one_document_lists_side_by_side_are_not_joined_by_an_alias():
    wrong = summary("1.txt", [party("Tom Varga", aliases=["Ana Belmar"])], [promise("Tom Varga")])
    beside = summary("2.txt", [], [promise("Tom Varga"), promise("Ana Belmar")])
    assert actors(wrong, beside) == ["Tom Varga", "Tom Varga", "Ana Belmar"]
    assert len(set(actors(wrong, summary("3.txt", [], [promise("Ana Belmar")])))) == 1


def test_a_party_has_the_name_that_most_documents_use():
    found = actors(
        *(summary(f"{n}.txt", [], [promise(name)]) for n, name in enumerate(["TOM VARGA", "Tom Varga", "Tom Varga"]))
    )
    assert set(found) == {"Tom Varga"}


def test_documents_of_one_name_are_told_apart_by_their_text():
    both = [summary("news.txt", [], [promise("Varga")], text=text) for text in ("one", "two")]
    assert len(set(actors(*both))) == 2


def test_what_a_party_with_namesakes_is_called_finds_it_alone():
    of = ["Orvel Gas", "Brenn Tramways", "Orvel Gas"]
    many = [
        *(summary(f"{n}", [party("Tom Varga", of=each), *BODIES], [promise("Tom Varga")]) for n, each in enumerate(of)),
        *(summary("news", [], [promise("Varga")], text=text) for text in ("one", "two")),
    ]
    found = {name: actors(*many, by=(name,)) for name in set(actors(*many))}
    assert sorted(found) == [
        "Tom Varga [0]",
        "Tom Varga [1]",
        *sorted(name for name in found if "[news, text " in name),
    ]
    assert {name: [name] * len(names) for name, names in found.items()} == found
    assert sorted(map(len, found.values())) == [1, 1, 1, 2]


@given(st.text(max_size=30), st.sampled_from(["state", "person", "organisation", "group"]))
def test_any_name_can_be_indexed(name: str, kind: str):
    parties = summary("1.txt", [party(name, kind), party("Orvel Gas", "organisation", name)]).parties
    assert [*identities(parties, "en")] == ["P1", "P2"]


# ── being told ───────────────────────────────────────────────────────────────────────────────────


def test_the_query_can_say_that_two_names_are_one_party_which_has_the_first():
    one, other = party("Orvel Gas", "organisation"), party("OG", "organisation")
    assert of_two(one, other) == ["Orvel Gas", "OG"]
    assert of_two(one, other, same=(("Orvel Gas", "OG"),)) == ["Orvel Gas"] * 2
    assert of_two(party("officials", "group"), party("officials", "group"), same=(("officials",),)) == ["officials"] * 2


def test_told_names_are_one_whatever_speaks_against_it():
    one, other = party("Tom Varga", of="Orvel Gas"), party("Tom Varga", of="Brenn Tramways")
    assert of_two(one, other, *BODIES, same=(("Tom Varga",),)) == ["Tom Varga"] * 2


def test_the_query_can_say_that_a_name_is_another_party_in_each_document():
    one = party("Tom Varga")
    assert of_two(one, one) == ["Tom Varga"] * 2
    assert of_two(one, one, apart=("Tom Varga",)) == ["Tom Varga [1.txt]", "Tom Varga [2.txt]"]
    georgia = party("Georgia", "state", country="GE")
    assert of_two(georgia, georgia, apart=("Georgia",)) == ["Georgia [1.txt]", "Georgia [2.txt]"]


def test_the_names_of_a_query_that_no_party_has_are_returned():
    query = Query(by=("Nobody",), same=(("Tom Varga", "Nowhere"),), apart=("Nothing",))
    assert commitments([summary("1.txt", [], [promise("Tom Varga")])], query).unknown == (
        "Nobody",
        "Nothing",
        "Nowhere",
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"by": ("…",)}, "'…' is no name of a party"),
        ({"text": "…"}, "'…' has no word"),
        ({"same": (("A", "Tom Varga"),), "apart": ("tom varga",)}, "leave one out"),
        ({"by": "Tom Varga"}, "pass a tuple"),
        ({"same": ("Tom Varga",)}, "pass a tuple"),
        ({"statuses": ("promised",)}, "There is no status 'promised'; choose of agreed"),
    ],
)
def test_a_query_that_means_nothing_is_refused(query: dict, said: str):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        Query(**query)


# ── what is asked for ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def three() -> list[Summary]:
    """Three documents with what one person, a state, a company and nobody known promise."""
    people = [party("Tom Varga", aliases=["Varga"], of="Orvel Gas"), party("Orvel Gas", "organisation")]
    return [
        summary(
            "a.txt",
            [*people, party("Norway", "state", country="NO")],
            [
                promise("Tom Varga", "close the mill", to="Norway", due="2031-06-30", verdict="supported"),
                promise("Orvel Gas", "hire forty dockers", status="planned", condition="if the strikes end"),
                promise("Norway", "pay for the harbour", to="Orvel Gas", due="2031-05-01", verdict="refuted"),
            ],
            published="2031-03-01",
        ),
        summary(
            "b.txt", [party("Oslo", "state", country="NO")], [promise("Oslo", "lift the ban")], published="2031-04-01"
        ),
        summary("c.txt", [], [promise("Varga", "open a mill", due="2032-01-01")], published=None),
    ]  # fmt: skip


def actions(summaries: Iterable[Summary], **query: object) -> list[str]:
    return [row.action for row in commitments(summaries, Query(**query))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"by": ("Tom Varga",)}, ["close the mill"]),
        ({"by": ("tom  VARGA",)}, ["close the mill"]),
        ({"by": ("Minister Tom Varga",)}, ["close the mill"]),
        ({"by": ("Varga",)}, ["close the mill", "open a mill"]),
        ({"by": ("Varga [c.txt]",)}, ["open a mill"]),
        ({"by": ("Orvel",)}, ["hire forty dockers"]),
        ({"by": ("Norway",)}, ["pay for the harbour", "lift the ban"]),
        ({"by": ("Oslo", "Tom Varga")}, ["pay for the harbour", "close the mill", "lift the ban"]),
        ({"to": ("Norway",)}, ["close the mill"]),
        ({"by": ("Norway",), "to": ("Orvel Gas",)}, ["pay for the harbour"]),
        ({"statuses": ("planned",)}, ["hire forty dockers"]),
        ({"statuses": ("planned", "agreed", "pledged"), "verified": True}, ["close the mill"]),
        ({"due_before": date(2031, 6, 30)}, ["pay for the harbour"]),
        ({"due_before": date(2031, 7, 1)}, ["pay for the harbour", "close the mill"]),
        ({"since": date(2031, 4, 1)}, ["lift the ban"]),
        ({"text": "Mills"}, ["close the mill", "open a mill"]),
        ({"text": "hires docker"}, ["hire forty dockers"]),
        ({"text": "strike"}, ["hire forty dockers"]),
        ({"text": "hire mill"}, []),
        ({}, ["pay for the harbour", "close the mill", "open a mill", "hire forty dockers", "lift the ban"]),
    ],
)  # fmt: skip
def test_a_query_is_answered_in_the_order_of_the_deadlines(three: list[Summary], query: dict, found: list[str]):
    assert actions(three, **query) == found


def test_a_row_has_everything_that_the_summary_says(three: list[Summary]):
    answer = commitments(three, Query(by=("Tom Varga",)))
    (row,) = answer
    assert (
        json.loads(answer.lines[0])
        == row.to_json()
        == {
            "by": ["Tom Varga"],
            "to": ["Norway"],
            "action": "close the mill",
            "status": "pledged",
            "condition": None,
            "deadline": "by then",
            "deadline_date": "2031-06-30",
            "said_by": None,
            "verdict": "supported",
            "reason": "",
            "source": "a.txt",
            "published": "2031-03-01",
            "quotation": "will close the mill",
            "sentences": [3, 4],
            "item": "C1",
            "text_sha256": sha256(b"a.txt").hexdigest(),
        }
    )


def test_what_a_date_leaves_out_is_counted(three: list[Summary]):
    by_day = commitments(three, Query(due_before=date(2031, 6, 1)))
    assert (len(by_day), by_day.undated, by_day.unpublished) == (1, 2, 0)
    since = commitments(three, Query(since=date(2031, 3, 15), by=("Oslo", "Varga")))
    assert (len(since), since.undated, since.unpublished) == (1, 0, 1)


def test_a_name_that_may_mean_several_parties_is_said_to(three: list[Summary]):
    assert commitments(three, Query(by=("Varga",))).ambiguous == {"Varga": ("Tom Varga", "Varga")}
    assert commitments(three, Query(by=("Tom Varga",))).ambiguous == {}


def test_a_short_form_of_a_name_finds_an_organisation_unless_it_is_a_common_noun():
    one = summary("1.txt", [party("Brenn Port Authority", "organisation")], [promise("Brenn Port Authority", "dig")])
    assert actions([one], by=("Brenn Port",)) == ["dig"]
    assert commitments([one], Query(by=("Authority",))).unknown == ("Authority",)


def test_a_party_is_found_by_the_names_that_other_documents_have_for_it():
    one = summary("1.txt", [party("Orvel Gas", "organisation", aliases=["Brenn Gas"])], [promise("Orvel Gas", "dig")])
    other = summary("2.txt", [party("Orvel Gas", "organisation")], [promise("Orvel Gas", "drill")])
    assert actions([one, other], by=("Brenn Gas",)) == ["dig", "drill"]


def test_the_last_summary_of_a_text_counts_but_one_that_is_complete_before_one_that_is_not():
    def again(action: str, status: str = "ok") -> Summary:
        return summary("1.txt", [], [promise("Tom Varga", action)], status=status)

    answer = commitments([again("dig"), again("drill"), again("dive", "partial")])
    assert ([row.action for row in answer], answer.replaced, answer.summaries) == (["drill"], 2, 1)
    assert actions([again("dive", "partial"), again("dig", "truncated")]) == ["dig"]


def test_incomplete_summaries_are_counted():
    answer = commitments([summary(f"{n}", status=status) for n, status in enumerate(("ok", "partial", "refused"))])
    assert (answer.incomplete, answer.summaries) == (2, 3)


def test_a_summary_that_the_program_made_is_followed():
    rows = list(commitments([made()], Query(by=("Bocia",))))
    assert [(row.by, row.item) for row in rows] == [(("Arlen", "Bocia"), "C1")]


def test_a_summary_in_another_language_is_searched_with_its_own_word_forms():
    one = summary("1.txt", [], [promise("Tom Varga", "fermer les usines")], language="fr")
    assert actions([one], text="usine") == ["fermer les usines"]


def test_a_limit_keeps_the_earliest_deadlines_and_all_are_counted(three: list[Summary]):
    every, first = commitments(three), commitments(three, Query(limit=2))
    assert [*first] == [*every][:2]
    assert (first.verdicts, first.beyond_limit) == (every.verdicts, len(every) - 2)
    assert (commitments(three, Query(limit=99)).beyond_limit, every.beyond_limit) == (0, 0)
    with pytest.raises(ConfigurationError, match="limit is 0; give 1 or more"):
        Query(limit=0)


# ── a store ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def path(tmp_path: Path, three: list[Summary]) -> Path:
    """A store that holds the three documents."""
    kept = tmp_path / "store.sqlite"
    with Store(kept) as store:
        for number, each in enumerate(three):
            store.keep(str(number), each)
    return kept


def asked(path: Path, **query: object) -> list[str]:
    with Store(path) as store:
        answer = commitments_in(store, Query(**query))
    assert answer.unreadable == 0
    return [row.action for row in answer]


def without_index(path: Path) -> None:
    """Make a store what the version before the index made."""
    with closing(sqlite3.connect(path)) as file, file:
        for table in ("documents", "parties", "other_keys", "mentions", "commitments"):
            file.execute(f"DROP TABLE {table}")
        file.execute("PRAGMA user_version = 3")


def test_a_store_answers_as_its_summaries_do(path: Path, three: list[Summary]):
    with Store(path) as store:
        assert [*commitments_in(store)] == [*commitments(three)]


def test_a_summary_that_is_kept_again_replaces_its_commitments(path: Path):
    with Store(path) as store:
        store.keep("0", summary("a.txt", [], [promise("Tom Varga", "sell the mill")]))
    assert asked(path) == ["open a mill", "sell the mill", "lift the ban"]


def test_an_older_store_is_indexed_once_and_says_how_far_it_is(path: Path):
    before = asked(path)
    without_index(path)
    heard: list[tuple[int, int]] = []
    with Store(path) as store:
        for _ in range(2):
            answer = commitments_in(store, progress=lambda done, total: heard.append((done, total)))
            assert [row.action for row in answer] == before
            assert heard == [(0, 3), (3, 3)]


def test_what_an_older_program_keeps_meanwhile_is_indexed_the_next_time(path: Path):
    with Store(path) as store:
        store.keep("0", summary("a.txt", [], [promise("Tom Varga", "sell the mill")]))
        store.keep("3", summary("d.txt", [], [promise("Tom Varga", "dig")]))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE summaries SET made = made + 1 WHERE key = '0'")
        file.execute(
            "UPDATE commitments SET stems = ' no ' WHERE document = (SELECT number FROM documents WHERE key = '0')"
        )
        file.execute("DELETE FROM documents WHERE key = '3'")
    assert asked(path, text="sell") == ["sell the mill"]
    assert asked(path, text="dig") == ["dig"]


def test_a_summary_of_version_1_is_indexed(path: Path):
    old = json.loads(VERSION_1.read_text("utf-8"))
    with Store(path) as store:
        store._database.write(lambda connection: store._database.put(connection, "summaries", "old", old))
        assert commitments_in(store).summaries == 4


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE commitments SET json = replace(json, 'mill', 'mine')",
        "UPDATE commitments SET status = 'agreed' WHERE id = 'C1'",
        "UPDATE documents SET published = '2031-99-01'",
        "UPDATE documents SET source = 'x'",
        "UPDATE parties SET name = 'Ana Belmar', names = char(10)",
    ],
)
def test_a_damaged_index_is_made_again_from_the_summaries_and_that_is_noted(path: Path, damage: str):
    with Store(path) as store:
        before = [*commitments_in(store)]
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(damage)
    with Store(path) as store:
        assert [*commitments_in(store)] == before
        assert store.damage is not None
        assert "computed again" in store.damage
    with Store(path) as store:
        assert [*commitments_in(store)] == before
        assert store.damage is None


def test_a_damaged_summary_that_is_not_indexed_is_counted_and_the_others_answer(path: Path):
    without_index(path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE summaries SET json = x'00' WHERE key = '0'")
    with Store(path) as store:
        answer = commitments_in(store)
    assert (answer.unreadable, [row.action for row in answer]) == (1, ["open a mill", "lift the ban"])


def test_a_store_without_a_table_cannot_be_used(path: Path):
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DROP TABLE mentions")
    with Store(path) as store, pytest.raises(StoreError, match="cannot be used"):
        commitments_in(store)


def test_a_summary_with_a_kind_of_items_that_is_not_declared_any_more_is_counted(path: Path):
    with declared(APPOINTMENT), Store(path) as store:
        store.keep("4", summary_type().model_validate_json(made().to_json()))
    without_index(path)
    with Store(path) as store:
        assert commitments_in(store).unreadable == 1


def test_summaries_can_be_kept_and_asked_for_at_the_same_time(path: Path):
    def keep(name: str) -> None:
        with Store(path) as store:
            for number in range(10):
                store.keep(f"{name}{number}", summary(f"{name}{number}", [], [promise("Tom Varga", "dig")]))

    threads = [threading.Thread(target=keep, args=(name,)) for name in "xyz"]
    for thread in threads:
        thread.start()
    found = [len(asked(path, text="dig")) for _ in range(5)]
    for thread in threads:
        thread.join()
    assert (found, len(asked(path, text="dig"))) == (sorted(found), 30)


def test_a_source_whose_name_is_no_text_is_kept(tmp_path: Path):
    with Store(tmp_path / "store.sqlite") as store:
        store.keep("1", summary("bad\udcff.txt", [], [promise("Tom Varga")]))
        assert [row.source for row in commitments_in(store)] == ["bad\udcff.txt"]


# ── the command ──────────────────────────────────────────────────────────────────────────────────


def ask(folder: Path, *arguments: object, stdin: bytes = b"") -> Ran:
    environment = {"COLUMNS": "100", "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    return run(("commitments", *arguments), folder=folder, environment=environment, stdin=stdin)


def said(ran: Ran) -> list[str]:
    return [line.removeprefix("summariser: ") for line in ran.err.splitlines()]


@pytest.fixture
def files(tmp_path: Path, three: list[Summary]) -> Path:
    """A folder with a summary, a list of one, and the results of a batch."""
    folder = tmp_path / "out"
    (folder / "deep").mkdir(parents=True)
    one, two, last = three
    (folder / "a.json").write_text(one.to_json(), "utf-8")
    (folder / "deep" / "b.json").write_text(f"[{two.to_json()}]", "utf-8-sig")
    results = [
        Result(number=0, id="c", source="c.txt", summary=last),
        Result(number=1, id="d", source="d.txt", error=RefusedError("The model refused.")),
    ]
    lines = "".join(json.dumps(each.to_json()) + "\n" for each in results)
    (folder / "deep" / "batch.jsonl").write_text(lines, "utf-8")
    (folder / "notes.txt").write_text("no summary", "utf-8")
    return tmp_path


def test_a_folder_answers_with_all_that_is_in_it_and_failed_documents_are_counted(files: Path):
    ran = ask(files, "out")
    assert [row["action"] for row in json.loads(ran.out)] == [
        "pay for the harbour", "close the mill", "open a mill", "hire forty dockers", "lift the ban",
    ]  # fmt: skip
    assert (ran.code, said(ran)) == (0, ["1 document failed in a batch and is without a summary."])


def test_files_patterns_and_standard_input_are_sources(files: Path):
    assert len(json.loads(ask(files, "out/a.json", "out/deep/*.json").out)) == 4
    lines = (files / "out/deep/batch.jsonl").read_bytes()
    assert [row["action"] for row in json.loads(ask(files, "-", stdin=lines).out)] == ["open a mill"]
    one = (files / "out/a.json").read_bytes()
    assert len(json.loads(ask(files, "-", stdin=one).out)) == 3


def test_the_store_of_the_settings_answers_if_no_source_is_named(path: Path, files: Path):
    usual = files / "data" / "summariser" / "store.sqlite"
    usual.parent.mkdir(parents=True)
    path.rename(usual)
    assert ask(files).out == ask(files, "out").out


def test_a_store_that_lacks_the_index_gets_it_with_a_sentence(path: Path):
    without_index(path)
    first, second = (ask(path.parent, "--store", path, "--by", "Norway") for _ in range(2))
    assert said(first) == ["adding earlier summaries to the index of commitments, once (3)"]
    assert (first.code, said(second), first.out) == (0, [], second.out)


def test_the_options_are_the_query(files: Path):
    ran = ask(
        files, "out", "--by", "Norway", "--by", "Varga", "--status", "pledged", "--due-before", "2031-12-31",
        "--same", "Tom Varga=Varga", "--since", "2031-01-01", "--text", "mill", "--verified", "--to", "Oslo",
        "--format", "jsonl",
    )  # fmt: skip
    assert [json.loads(line)["action"] for line in ran.out.splitlines()] == ["close the mill"]
    assert [each for each in said(ran) if "left out" in each or "No party" in each] == []


def test_names_that_are_one_or_apart_can_be_in_a_file(files: Path):
    (files / "same.txt").write_text("Tom Varga = Varga\n\n", "utf-8")
    ran = ask(files, "out", "--text", "mill", "--same", "@same.txt", "--format", "jsonl")
    assert [json.loads(line)["by"] for line in ran.out.splitlines()] == [["Tom Varga"]] * 2
    missing = ask(files, "out", "--apart", "@none.txt")
    assert (missing.code, missing.out) == (2, "")
    assert said(missing)[0].startswith("The list none.txt cannot be read")


def test_what_the_answer_lacks_is_said(files: Path):
    partial = summary("e.txt", [], [promise("Ana Belmar", "dig")], status="partial")
    (files / "out" / "e.json").write_text(partial.to_json(), "utf-8")
    (files / "out" / "f.json").write_text(partial.to_json(), "utf-8")
    ran = ask(
        files, "out", "--due-before", "2031-06-01", "--by", "Varga", "--by", "Belmar", "--by", "Zed", "--format", "csv"
    )
    assert said(ran) == [
        "1 document failed in a batch and is without a summary.",
        "No party is called 'Zed'.",
        "'Varga' may mean 2 parties: Tom Varga; Varga.",
        "1 summary is left out, because a later one is of the same text.",
        "1 commitment is left out, because no deadline with a date is known.",
        "1 of 4 summaries is incomplete.",
    ]
    assert said(ask(files, "out", "--quiet")) == []


def test_of_namesakes_that_stay_apart_the_option_that_joins_them_is_named(files: Path):
    for number in (1, 2):
        one = summary(f"{number}.txt", [party("RPA", "organisation")], [promise("RPA", "dig")])
        (files / f"{number}.json").write_text(one.to_json(), "utf-8")
    assert said(ask(files, "1.json", "2.json", "--by", "rpa")) == [
        "'rpa' may mean 2 parties: RPA [1.txt]; RPA [2.txt]. --same 'RPA' takes them for one."
    ]
    assert said(ask(files, "1.json", "2.json", "--by", "rpa", "--same", "RPA")) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", b'{"schema_version": 2, "docu', "out/x.json is no JSON ("),
        ("x.json", b"", "out/x.json is no JSON ("),
        ("x.json", b'{"name": "other", "version": "1"}', "out/x.json is no summary (it has no schema_version); give"),
        ("x.json", b'{"schema_version": 2}', "out/x.json is no summary (document: Field required); give"),
        ("x.json", b'{"schema_version": 9}', "out/x.json is a summary in version 9 of the format, which a newer"),
        ("x.json", b"[" * 100_000, "out/x.json is no JSON"),
        ("x.json", b"[1, 2]", "out/x.json, entry 1 is no summary (it has no schema_version), and 1 more entries"),
        ("x.json", b"\xff\xfe\x00", "out/x.json is no JSON"),
        ("x.jsonl", b'{"a": 1}\n\n{"b', "out/x.jsonl, line 1 is no summary (it has no schema_version), and 1 more"),
        (
            "x.json",
            b"SQLite format 3\0",
            "out/x.json is a store, not a file of summaries; name it in the setting store (--",
        ),
    ],
)
def test_a_file_that_holds_no_summaries_gets_one_sentence_and_the_others_answer(
    files: Path, name: str, content: bytes, message: str
):
    (files / "out" / name).write_bytes(content)
    ran = ask(files, "out", "--by", "Norway")
    wrong = [line for line in said(ran) if "x.json" in line]
    assert (ran.code, len(json.loads(ran.out)), len(wrong)) == (2, 2, 1)
    assert wrong[0].startswith(message)


def test_a_source_that_does_not_exist_or_holds_nothing_is_said(files: Path):
    (files / "empty").mkdir()
    ran = ask(files, "out/none.json", "empty", "x*.json", "out/a.json", "--format", "jsonl")
    assert (ran.code, len(ran.out.splitlines())) == (2, 3)
    assert said(ran) == [
        "There is no .json or .jsonl file in empty; give JSON that this program wrote.",
        "No file matches x*.json; check the pattern.",
        "out/none.json cannot be read (No such file or directory); check its name and its permissions.",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "There is no store "),
        (("--store", "none.sqlite"), "There is no store none.sqlite; summarise a document first"),
        (("--store", "none.sqlite", "out"), "Both --store and sources are given; leave one out."),
        (("out", "--by", "…"), "'…' is no name of a party"),
        (("out", "--output", "x.txt", "--format", "csv"), "x.txt names the format text, and --format csv"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_and_makes_no_file(files: Path, arguments: tuple[str, ...], message: str):
    ran = ask(files, *arguments)
    assert (ran.code, ran.out, len(said(ran))) == (2, "", 1)
    assert said(ran)[0].startswith(message)
    assert not (files / "none.sqlite").exists()


def test_a_damaged_summary_of_the_store_is_said_and_the_exit_code_tells(path: Path):
    without_index(path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE summaries SET json = x'00' WHERE key = '0'")
    ran = ask(path.parent, "--store", path)
    assert (ran.code, len(json.loads(ran.out))) == (2, 2)
    assert (
        said(ran)[-1] == f"1 summary of the store {path} cannot be read, so it is left out; summarise its text again."
    )


def test_the_statuses_of_the_option_are_those_of_the_schema():
    assert tuple(StatusOption) == get_args(Status)


# ── formats ──────────────────────────────────────────────────────────────────────────────────────


def test_text_shows_who_promised_what_with_the_quotation_the_source_and_the_reason(files: Path):
    out = ask(files, "out", "--by", "Norway", "--format", "text").out
    assert re.search(r"✗\s+2031-05-01\s+pledged\s+Norway → Orvel Gas: pay for the harbour; by then", out)
    assert "“will pay for the harbour”" in out
    assert "a.txt [3, 4] · C3 · 2031-03-01" in out
    assert re.search(r"\?\s+–\s+pledged\s+Norway: lift the ban", out)
    assert out.rstrip().endswith("2 commitments: 1 refuted (✗), 1 not settled (?)")
    assert ask(files, "out", "--by", "Zed", "--format", "text").out == "No commitment was found.\n"


def test_text_shows_at_most_a_hundred_commitments_and_says_how_the_others_are_seen(tmp_path: Path):
    many = [promise("Tom Varga", f"dig hole {number}", due="2031-05-01") for number in range(1, 1202)]
    (tmp_path / "many.json").write_text(summary("many.txt", [], many).to_json(), "utf-8")
    ran = ask(tmp_path, "many.json", "--format", "text")
    assert (ran.out.count("Tom Varga"), "dig hole 100;" in ran.out, "dig hole 101;" in ran.out) == (100, True, False)
    assert ran.out.rstrip().endswith("1,201 commitments: 1,201 not settled (?). The first 100 are shown.")
    assert said(ran) == [
        "1,101 commitments are left out because of the limit; --limit 1201 or --format jsonl shows all."
    ]
    assert len(ask(tmp_path, "many.json", "--format", "jsonl").out.splitlines()) == 1201
    fewer = ask(tmp_path, "many.json", "--format", "jsonl", "--limit", "1200")
    assert (len(fewer.out.splitlines()), said(fewer)) == (
        1200, ["1 commitment is left out because of the limit; --limit 1201 shows all."]
    )  # fmt: skip


def test_what_a_foreign_summary_says_to_a_terminal_is_taken_out(files: Path):
    hostile = summary("\x1b[2Jx.txt", [], [promise("Tom \x1b]0;Varga", "dig \x1b[31m[bold]deep[/bold]")])
    (files / "out" / "hostile.json").write_text(hostile.to_json(), "utf-8")
    (files / "out" / "more.json").write_text(summary("\x1b[2Jy.txt", [party("Tom Varga")]).to_json(), "utf-8")
    (files / "out" / "wrong.json").write_text('{"schema_version": 2, "\\u001b[2J": 1}', "utf-8")
    ran = ask(files, "out", "--by", "Varga", "--format", "text")
    assert "\x1b" not in ran.out + ran.err
    assert "[bold]deep[/bold]" in ran.out


def test_csv_has_a_column_for_everything_and_no_cell_that_is_a_formula(files: Path):
    words = {"to": "Ana Belmar", "condition": "by ship;=1+1"}
    formula = summary("=x.txt", [], [promise("Tom Varga", '=HYPERLINK("x"), then\ndig', **words)])
    (files / "out" / "formula.json").write_text(formula.to_json(), "utf-8")
    ask(files, "out", "--output", "all.csv")
    rows = list(csv.DictReader(io.StringIO((files / "all.csv").read_bytes().decode("utf-8"), newline="")))
    assert len(rows) == 6
    (row,) = (row for row in rows if "HYPERLINK" in row["action"])
    assert row["action"] == '\'=HYPERLINK("x"), then\ndig'
    assert (row["source"], row["to"], row["sentences"]) == ("'=x.txt", "Ana Belmar", "3 4")
    assert row["condition"] == "by ship;'=1+1"  # where semicolons separate cells, the second one begins with =


def test_a_file_ending_chooses_the_format(files: Path):
    for ending, start in (
        (".csv", "by,to,said_by"),
        (".ics", "BEGIN:VCALENDAR"),
        (".jsonl", '{"by"'),
        (".json", "[{"),
    ):
        assert ask(files, "out", "--output", f"all{ending}").code == 0
        assert (files / f"all{ending}").read_text("utf-8").startswith(start)


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def long() -> Summary:
    """A summary with a commitment whose words are long, and have what a calendar file must escape."""
    action = "pay; then, “open” the ’Brenn’ harbour – Ærø, \\n 北京, and more " * 4
    return summary(
        "out/ü, x;.txt",
        [],
        [promise("Tom Varga", action.strip(), to="Ana Belmar", due="2031-12-31", condition="if: a=b")],
    )


def events(content: str) -> list[dict]:
    icalendar = pytest.importorskip("icalendar")
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_each_commitment_with_a_date_is_an_all_day_event(long: Summary):
    (event,) = events(to_calendar(commitments([long])))
    (row,) = commitments([long])
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2031, 12, 31), date(2032, 1, 1))
    assert event["SUMMARY"] == f"? Tom Varga: {row.action}"
    assert str(event["DESCRIPTION"]).splitlines() == [
        "Who: Tom Varga",
        f"What: {row.action}",
        "To whom: Ana Belmar",
        "Status: pledged",
        "Condition: if: a=b",
        "Deadline: by then",
        "Verdict: ? not settled. A name in it could not be resolved.",
        f"Quotation: will {row.action}",
        "Source: out/ü, x;.txt, sentences 3, 4, item C1",
        "Published: 2031-03-01",
    ]


def test_the_calendar_keeps_the_rules_of_its_format(long: Summary, three: list[Summary]):
    """RFC 5545: line ends and lengths (3.1), no control characters, required properties (3.4, 3.6, 3.6.1)."""
    content = to_calendar(
        commitments([long, *three, summary("\x07.txt", [], [promise("Tom\x07 Varga", due="2031-01-01")])])
    )
    data = content.encode("utf-8")
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)  # no character is cut in two
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content)
    unfolded = content.replace("\r\n ", "").split("\r\n")[:-1]
    assert all(re.match(r"[A-Z-]+(?:;[A-Z-]+=[^:]+)*:", line) for line in unfolded)
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert unfolded.count("VERSION:2.0") == sum(line.startswith("PRODID:") for line in unfolded) == 1
    for event in content.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        names = [re.split("[;:]", line)[0] for line in event.split("END:VEVENT")[0].split("\r\n")]
        assert all(names.count(name) == 1 for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"))
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r$", event, re.MULTILINE)
        assert re.search(r"^DTSTART;VALUE=DATE:\d{8}\r$", event, re.MULTILINE)


def test_two_calendars_of_the_same_commitments_are_the_same_and_an_event_keeps_its_id(three: list[Summary]):
    everything = to_calendar(commitments(three))
    assert to_calendar(commitments(three)) == everything
    ids = {str(event["SUMMARY"]): event["UID"] for event in events(everything)}
    assert len(set(ids.values())) == 3
    stamps = [event["DTSTAMP"].dt.date().isoformat() for event in events(everything)]
    assert stamps == ["2031-03-01", "2031-03-01", "1970-01-01"]  # the day of publication, and of none
    for event in events(to_calendar(commitments(three, Query(by=("Varga",))))):
        assert event["UID"] == ids[str(event["SUMMARY"])]


def test_commitments_without_a_date_are_counted_beside_the_calendar(files: Path):
    ran = ask(files, "out", "--format", "ics")
    assert len(events(ran.out)) == 3
    assert said(ran)[-1] == "2 commitments without a date are not in the calendar."
    ask(files, "out", "--output", "all.ics")
    assert (files / "all.ics").read_bytes().count(b"\r\n") == ran.out.count("\n")


def test_without_the_library_a_calendar_is_refused_before_anything_is_read(
    files: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("summariser.following.calendar.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"needs icalendar; install .* extra calendar"):
        to_calendar([])
