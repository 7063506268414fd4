"""Linking: every name becomes a party's id, aliases are merged, people who share a name stay apart."""

import pytest

from summariser.documents.document import Document
from summariser.extraction.rules import extract_by_rules
from summariser.extraction.rules.acronyms import long_form
from summariser.linking import Linked, link
from summariser.schema import COMMITMENT, REACTION, RISK, Draft, DraftCommitment, DraftParty, DraftReaction, DraftRisk

STORY = Document.from_text(
    "Harbour treaty signed\n\n"
    "Arlen’s Prime Minister Ana Belmar and Joao Pell of Bocia signed a treaty in Lisbon on Monday. "  # 2
    "Belmar told Port Radio that it was a fair price for peace. "  # 3
    "Moscow and the Russian navy stayed silent, a US official said. "  # 4
    "“It will drown the docks,” said Rui Belmar, a professor of economics at the docks college. "  # 5
    "The two leaders shook hands. "  # 6
    "Belmar, the professor, fears for the docks and the college. "  # 7
    "The Dockers Union wants a vote.\n\n"  # 8
    "Photo: Ines Faro/Reuters\n\n"  # 9
    "By Tom Reuben"  # 10
)


def party(name: str, kind: str = "person", **more: object) -> DraftParty:
    return DraftParty.model_validate({"name": name, "kind": kind, **more})


def reaction(*by: str, sentence: int = 3, towards: str = "") -> DraftReaction:
    return DraftReaction(by=list(by), towards=towards, stance="neutral", statement="says so", sentences=[sentence])


def linked(*parties: DraftParty, reactions: tuple[DraftReaction, ...] = (), **more: object) -> Linked:
    return link(Draft.model_validate({"parties": parties, "reactions": reactions, **more}), STORY)


def names(result: Linked) -> list[str]:
    return [p.name for p in result.parties]


def codes(result: Linked) -> list[str]:
    return [w.code for w in result.warnings]


def test_the_story_is_as_its_comments_say():
    assert [s.number for s in STORY.sentences] == list(range(1, 11))
    assert [s.boilerplate for s in STORY.sentences[8:]] == ["credit", "byline"]


def test_a_party_listed_twice_is_one():
    assert names(linked(party("Ana Belmar"), party("Ana Belmar"))) == ["Ana Belmar"]


def test_a_surname_gets_the_full_name_that_the_text_has():
    (pell,) = linked(party("Pell")).parties
    assert (pell.name, pell.aliases) == ("Joao Pell", ("Pell",))


def test_a_surname_that_two_people_bear_is_not_completed():
    assert names(linked(party("Belmar"))) == ["Belmar"]


def test_people_who_share_a_name_stay_apart_and_a_bare_name_means_the_one_described_there():
    result = linked(
        party("Ana Belmar"),
        party("Rui Belmar"),
        reactions=(reaction("Belmar", sentence=3), reaction("Belmar", sentence=7)),
    )
    assert names(result) == ["Ana Belmar", "Rui Belmar"]
    assert [r.acting for r in result.of(REACTION)] == [("P1",), ("P2",)]


def test_a_seat_of_government_is_its_state():
    result = linked(party("Russia", "state"), reactions=(reaction("Moscow", sentence=4),))
    assert result.of(REACTION)[0].acting == ("P1",)
    assert result.parties[0].aliases == ("Moscow",)


def test_a_state_goes_by_its_common_name_with_those_of_the_text_as_aliases():
    (state,) = linked(party("US", "organisation")).parties
    assert (state.kind, state.aliases) == ("state", ())
    assert state.name == "US"


def test_a_kind_that_is_plainly_wrong_is_corrected_and_said():
    assert codes(linked(party("Russia", "organisation"))) == ["kind_corrected"]


def test_two_names_in_one_are_two_parties():
    result = linked(party("Ana Belmar"), party("Joao Pell"), reactions=(reaction("both Ana Belmar and Joao Pell"),))
    assert result.of(REACTION)[0].acting == ("P1", "P2")


def test_a_name_with_an_and_in_it_stays_one():
    result = linked(reactions=(reaction("Docks and Quays Council"),))
    assert names(result) == ["Docks and Quays Council"]


def test_titles_and_appositions_are_no_part_of_a_name():
    result = linked(
        party("Ana Belmar"), reactions=(reaction("Prime Minister Ana Belmar"), reaction("Ana Belmar, who signed"))
    )
    assert [r.acting for r in result.of(REACTION)] == [("P1",), ("P1",)]


def test_a_name_that_is_no_party_becomes_one_marked_as_added_by_code():
    result = linked(reactions=(reaction("the Dockers Union", sentence=8),))
    (added,) = result.parties
    assert (added.name, added.kind, added.added, added.sentences) == ("Dockers Union", "organisation", True, (8,))
    assert [(w.code, w.item) for w in result.warnings] == [("party_added", "P1")]


def test_a_pronoun_is_never_a_party():
    for word in (
        "he",
        "they",
        "the two leaders",
        "the report itself",
        "both sides",
        "Last year",
        "In addition",
        "There",
    ):
        result = linked(reactions=(reaction(word),))
        assert names(result) == [], word
        assert result.incomplete == {"R1"}, word
        assert set(codes(result)) == {"unresolved_name"}, word


def test_the_state_us_is_not_the_pronoun():
    assert linked(reactions=(reaction("US", sentence=4),)).of(REACTION)[0].acting == ("P1",)


def test_reporters_photographers_and_outlets_are_no_parties():
    result = linked(party("Ines Faro"), party("Tom Reuben"), party("Port Radio", "organisation"))
    assert names(result) == []
    assert codes(result) == ["no_party"] * 3


def test_an_outlet_that_acts_in_the_story_is_a_party():
    coreference = Document.from_text("Port Radio sued the council on Monday. The council will appeal, it said.")
    draft = Draft(parties=[party("Port Radio", "organisation")])
    assert names(link(draft, coreference)) == ["Port Radio"]


def test_an_item_by_an_outlet_alone_is_incomplete_and_says_so():
    result = linked(reactions=(reaction("Port Radio"),))
    assert (result.of(REACTION)[0].acting, result.incomplete) == ((), {"R1"})
    assert "no_party" in codes(result)


def test_an_affiliation_is_another_partys_id_or_nothing():
    result = linked(
        party("Ana Belmar", affiliation="Arlen"), party("Arlen", "state"), party("Joao Pell", affiliation="Nowhere")
    )
    assert [p.affiliation for p in result.parties] == ["P2", None, None]


def test_an_alias_that_the_text_does_not_have_is_not_taken():
    (ana,) = linked(party("Ana Belmar", aliases=["Belmar of Arlen", "Iron Ana"])).parties
    assert ana.aliases == ()


def test_an_alias_that_is_another_party_does_not_merge_the_two():
    result = linked(party("Russia", "state"), party("Arlen", "state", aliases=["Moscow"]))
    assert [p.aliases for p in result.parties] == [("Moscow",), ()]


def test_towards_is_the_id_of_a_party_or_commitment_where_the_words_are_one():
    pact = DraftCommitment(by=["Ana Belmar"], action="sign a treaty on harbours", status="agreed", sentences=[2])
    result = linked(
        party("Ana Belmar"),
        reactions=(
            reaction("Ana Belmar", towards="Joao Pell"),
            reaction("Ana Belmar", towards="treaty on harbours"),
            reaction("Ana Belmar", towards="Ana Belmar"),
        ),
        commitments=[pact],
    )
    assert [r.target for r in result.of(REACTION)] == [None, "C1", "P1"]


def test_one_word_is_the_item_that_it_begins_and_no_other():
    ballot = DraftCommitment(
        by=["Ana Belmar"], action="ballot the members on the offer", status="agreed", sentences=[2]
    )
    result = linked(
        party("Ana Belmar"),
        reactions=(reaction("Ana Belmar", towards="the offer"), reaction("Ana Belmar", towards="the ballot")),
        commitments=[ballot],
    )
    assert [r.target for r in result.of(REACTION)] == [None, "C1"]


def test_a_commitment_to_oneself_is_to_nobody():
    pact = DraftCommitment(by=["Ana Belmar"], to=["Ana Belmar", "Joao Pell"], action="sign it", status="agreed")
    (commitment,) = linked(party("Ana Belmar"), party("Joao Pell"), commitments=[pact]).of(COMMITMENT)
    assert (commitment.parties["by"], commitment.parties["to"]) == (("P1",), ("P2",))


def test_an_item_given_twice_is_one_and_that_is_said():
    result = linked(party("Ana Belmar"), reactions=(reaction("Ana Belmar"), reaction("Ana Belmar")))
    assert [r.id for r in result.of(REACTION)] == ["R1"]
    assert [(w.code, w.item) for w in result.warnings] == [("duplicate_merged", "R1")]


def test_the_reports_own_voice_is_nobody():
    risks = [DraftRisk(risk="the docks drown", raised_by=voice) for voice in ("the report itself", "null", "", None)]
    assert {r.acting for r in linked(risks=risks).of(RISK)} == {()}


def test_the_order_of_the_parties_is_that_of_the_draft():
    assert names(linked(party("Joao Pell"), party("Ana Belmar"))) == ["Joao Pell", "Ana Belmar"]


def test_a_state_has_its_country_code_and_nobody_else_has_one():
    text = "Pyongyang and the European Union spoke. Ana Belmar of Kosovo listened to North Korea and Kosovo."
    document = Document.from_text(text)
    draft = Draft(
        parties=[
            DraftParty(name="Pyongyang", kind="state"),
            DraftParty(name="European Union", kind="organisation"),
            DraftParty(name="Kosovo", kind="state"),
            DraftParty(name="Ana Belmar", kind="person"),
        ]
    )
    codes = {party.name: party.country for party in link(draft, document).parties}
    assert codes == {"North Korea": "KP", "European Union": None, "Kosovo": "XK", "Ana Belmar": None}


def commitment(action: str, *sentences: int, by: str = "Ana Belmar") -> DraftCommitment:
    return DraftCommitment(by=[by], action=action, status="agreed", sentences=list(sentences))


def test_nearly_the_same_item_of_the_same_place_is_one_and_cites_what_both_did():
    said = ("sign a treaty on the harbours of both countries", "sign the treaty on the harbours of both countries")
    result = linked(party("Ana Belmar"), commitments=(commitment(said[0], 2), commitment(said[1], 2, 3)))
    assert [c.draft.sentences for c in result.of(COMMITMENT)] == [[2, 3]]
    assert ("duplicate_merged", "C1") in [(w.code, w.item) for w in result.warnings]


def test_what_differs_in_a_number_a_negation_an_actor_or_place_stays_two():
    base = commitment("sign a treaty on 3 harbours of both countries", 2)
    others = (
        commitment("sign a treaty on 4 harbours of both countries", 2),
        commitment("not sign a treaty on 3 harbours of both countries", 2),
        commitment("sign a treaty on 3 harbours of both countries", 2, by="Joao Pell"),
        commitment("sign a treaty on 3 harbours of both countries", 7),
    )
    for other in others:
        result = linked(party("Ana Belmar"), party("Joao Pell"), commitments=(base, other))
        assert len(result.of(COMMITMENT)) == 2, other


@pytest.mark.parametrize(
    ("short", "before", "full"),
    [
        ("TDF", "Drivers met. The Transport Drivers’ Federation ", "Transport Drivers’ Federation"),
        ("WFF", "the World Fisheries Forum", "World Fisheries Forum"),
        (
            "UNHCR",
            "the United Nations High Commissioner for Refugees ",
            "United Nations High Commissioner for Refugees",
        ),
        ("MoD", "a Ministry of Defence ", "Ministry of Defence"),
        ("TDF", "the union of drivers ", ""),
        ("GDP", "gross domestic product ", ""),
        ("AP", "Veld ", ""),
    ],
)
def test_a_short_form_is_that_of_the_name_whose_letters_it_has(short: str, before: str, full: str):
    assert long_form(short, before) == full


def test_a_short_form_that_the_text_introduces_is_an_alias_and_no_other_party():
    text = (
        "Talks on fish\n\nThe Transport Drivers’ Federation (TDF) rejected the offer on Monday. TDF will "
        "strike on Friday. "
        "The World Fisheries Forum, or WFF, will meet in May."
    )
    document = Document.from_text(text)
    parties = [
        DraftParty(name="TDF", kind="organisation"),
        DraftParty(name="Transport Drivers’ Federation", kind="organisation"),
    ]
    draft = extract_by_rules(document).model_copy(update={"parties": parties})
    linked = link(draft, document)
    assert [p.name for p in linked.parties] == ["Transport Drivers’ Federation", "World Fisheries Forum"]
    assert ["TDF" in linked.parties[0].aliases, "WFF" in linked.parties[1].aliases] == [True, True]
    assert [c.acting for c in linked.of(COMMITMENT)] == [("P1",), ("P1",), ("P2",)]
