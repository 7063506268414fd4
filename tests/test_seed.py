"""The seed with the embedded model, its recorded answers replayed: what a newcomer will read first."""

import re

import pytest

from summariser import summarise
from summariser.documents.document import Document
from summariser.schema import Item, Summary
from tests.conftest import SEED
from tests.recorded import replaying

STATES_AND_LEADERS = ("North Korea", "Russia", "Kim Jong Un", "Vladimir Putin")
NO_PARTIES = (
    "Stella Kim", "Mithil Aggarwal", "Kristina Kormilitsyna", "NBC News", "Korean News Agency", "Russian state media",
    "Getty Images", "AFP",
)  # fmt: skip
SPEAKERS = {
    "South Korean Foreign Ministry", "Antony Blinken", "US State Department spokesman", "Lami Kim", "Vladimir Putin",
    "Kim Jong Un",
}  # fmt: skip

# What a reader of the article found its sentences to carry: the sentence, who acts, and how firmly or on which side.
CARRIED_COMMITMENTS = {
    (4, ("Vladimir Putin", "Kim Jong Un"), "agreed"),
    (8, ("Kim Jong Un",), "pledged"),
    (16, ("North Korea",), "pledged"),
}
CARRIED_REACTIONS = {
    (14, ("Vladimir Putin",), "supports"),
    (15, ("Vladimir Putin",), "opposes"),
    (16, ("Kim Jong Un",), "supports"),
    (25, ("Vladimir Putin",), "supports"),
    (28, ("Antony Blinken",), "opposes"),
    (31, ("Biden administration",), "concerned"),
    (32, ("North Korea", "Russia"), "opposes"),
    (34, ("South Korean Foreign Ministry",), "opposes"),
    (45, ("United States",), "opposes"),
    (46, ("US State Department spokesman",), "opposes"),
}
CARRIED_RISKS = {
    (6, None),
    (7, "US officials"),
    (26, "Lami Kim"),
    (27, None),
    (31, "Biden administration"),
    (34, "South Korean Foreign Ministry"),
    (35, None),
    (36, "Lami Kim"),
    (40, None),
}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(SEED, model=replaying(), prompt="sections@3")


def place(item: Item) -> int:
    """The sentence that carries it: the last, for one before it may only say who is meant."""
    return item.evidence[-1].sentences[-1]


def names(summary: Summary, ids: tuple[str, ...]) -> tuple[str, ...]:
    by_id = {party.id: party.name for party in summary.parties}
    return tuple(by_id[i] for i in ids)


def test_the_seed_is_the_document_that_the_project_was_given():
    data = SEED.read_bytes()
    assert (len(data), data[:12], data[-10:]) == (7297, b"close\nclose\n", b"Hong Kong.")


def test_both_states_and_both_leaders_are_parties_once(summary: Summary):
    found = [party.name for party in summary.parties]
    assert [found.count(name) for name in STATES_AND_LEADERS] == [1, 1, 1, 1]
    assert len({party.name for party in summary.parties}) == len(summary.parties)


def test_people_of_one_name_stay_apart(summary: Summary):
    lami = next(p for p in summary.parties if p.name == "Lami Kim")
    jong_un = next(p for p in summary.parties if p.name == "Kim Jong Un")
    assert lami.id != jong_un.id
    assert lami.aliases == jong_un.aliases == ("Kim",)  # the text calls both so; each item says who is meant
    by_kim = {r.evidence[-1].sentences[-1]: r.by for r in summary.reactions}
    assert (by_kim[16], by_kim[37]) == ((jong_un.id,), (lami.id,))


def test_no_reporter_photographer_or_outlet_is_a_party(summary: Summary):
    found = {name.casefold() for party in summary.parties for name in (party.name, *party.aliases)}
    assert not found & {name.casefold() for name in NO_PARTIES}


def test_the_mutual_defence_pact_is_a_commitment_that_the_text_does_not_refute(summary: Summary):
    pact = next(c for c in summary.commitments if "mutual defense" in c.action)
    assert (set(names(summary, pact.by)), pact.status) == ({"Vladimir Putin", "Kim Jong Un"}, "agreed")
    assert [(e.sentences, e.match) for e in pact.evidence] == [((4,), "verbatim")]
    assert (pact.verdict, bool(pact.reason)) in {("supported", False), ("not_enough_info", True)}


def test_reactions_of_different_parties_are_found_and_some_supported(summary: Summary):
    found = {name for r in summary.reactions for name in names(summary, r.by)} & SPEAKERS
    supported = {name for r in summary.reactions if r.verified for name in names(summary, r.by)} & SPEAKERS
    assert found == SPEAKERS
    assert len(supported) >= 3


def test_at_least_three_risks_are_supported(summary: Summary):
    assert len({r.evidence[0].sentences for r in summary.risks if r.verified}) >= 3


def test_nothing_is_supported_that_a_reader_does_not_find_in_the_cited_sentences(summary: Summary):
    commitments = {(place(c), names(summary, c.by), c.status) for c in summary.commitments if c.verified}
    reactions = {(place(r), names(summary, r.by), r.stance) for r in summary.reactions if r.verified}
    risks = {
        (place(k), names(summary, (k.raised_by,))[0] if k.raised_by else None) for k in summary.risks if k.verified
    }
    assert commitments <= CARRIED_COMMITMENTS
    assert reactions <= CARRIED_REACTIONS
    assert risks <= CARRIED_RISKS


def test_nothing_is_refuted_for_a_reader_finds_nothing_that_the_article_denies(summary: Summary):
    assert [(item.id, item.reason) for item in summary.refuted] == []


def test_what_is_not_settled_names_the_field_that_no_words_of_the_article_settle(summary: Summary):
    unsettled = [item for item in summary.items if item.verdict == "not_enough_info"]
    assert unsettled
    for item in unsettled:
        doubt = item.doubts[0]
        assert (doubt.outcome, item.reason.partition(": ")[2]) == ("read", doubt.reason)
        assert re.match(r"[A-Z][a-z ]+: .*\.$", item.reason)
    said = {next(c.field for c in item.doubts) for item in unsettled}
    assert said <= {"kind", "stance", "by", "towards", "risk", "raised_by", "affiliation"}


def test_reactions_that_a_reader_does_not_find_are_not_settled(summary: Summary):
    """Lami Kim tells of a victory and takes no side; shots that warn are no stance."""
    open_ = {(place(r), names(summary, r.by)) for r in summary.reactions if r.verdict == "not_enough_info"}
    assert {(37, ("Lami Kim",)), (42, ("South Korean troops",))} <= open_


def test_every_offset_yields_its_words(summary: Summary, seed: Document):
    summary.check(seed.text)
