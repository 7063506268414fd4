"""What the words of a text propose: commitments, reactions and risks, read by rules."""

from datetime import date

import pytest

from summariser.documents.document import Document
from summariser.extraction.rules import Gap, extract_by_rules, gaps
from summariser.schema import Draft

INTRODUCTION = (
    "Talks between Nordheim and Veld\n\n"
    "Trade Minister Ana Belmar of Nordheim met Orvel Gas, the largest utility of Veld, on Monday. "
)


def proposed(text: str, published: date | None = date(2025, 3, 1)) -> Draft:
    return extract_by_rules(Document.from_text(INTRODUCTION + text, published=published))


def commitments(text: str) -> list[tuple[list[str], str, list[str]]]:
    return [(c.by, c.status, c.to) for c in proposed(text).commitments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nordheim and Veld signed a treaty on fish.", [(["Nordheim", "Veld"], "agreed", [])]),
        ("Belmar promised to rebuild the bridge.", [(["Belmar"], "pledged", [])]),
        ("Veld has undertaken to freeze fees.", [(["Veld"], "pledged", [])]),
        ("Orvel Gas plans to close a plant.", [(["Orvel Gas"], "planned", [])]),
        ("Veld will send two ships.", [(["Veld"], "planned", [])]),
        ("Veld will not send ships.", [(["Veld"], "refused", [])]),
        ("Veld refused to send ships.", [(["Veld"], "refused", [])]),
        ("Veld offered to send ships.", [(["Veld"], "proposed", [])]),
        ("Veld will tax fish unless Nordheim lifts its levy.", [(["Veld"], "threatened", ["Nordheim"])]),
        ("Veld pledged to Nordheim that it will pay.", [(["Veld"], "pledged", ["Nordheim"])]),
        ("Veld will charge a tariff on fish, the cabinet decided on Friday.", [(["Veld"], "decided", [])]),
        ("“We will pay for the bridge,” Ana Belmar said.", [(["Ana Belmar"], "pledged", [])]),
    ],
)
def test_a_commitment_is_read_with_who_makes_it_and_how_firm_it_is(text: str, expected: list[object]):
    assert commitments(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Veld did not agree to the plan.",
        "Veld never promised a bridge.",
        "Veld may agree to the plan.",
        "Belmar declined to comment.",
        "Analysts expect that Veld will send ships.",
        "Belmar denied having agreed to the plan.",
        "Veld and Nordheim signed a treaty in 1998.",
        "Will Veld agree to the plan?",
        "If Veld agrees to the plan, much is won.",
        "Nordheim hopes that Veld will pay.",
    ],
)
def test_what_is_denied_expected_asked_or_long_past_is_no_commitment(text: str):
    assert commitments(text) == []


def test_undertakings_after_an_agreement_are_agreed_and_to_the_other_side_and_share_its_condition():
    found = proposed(
        "Nordheim and Veld signed a treaty on Friday. Veld must let through the ships. Nordheim will lower its levy. "
        "It takes effect only once both parliaments have ratified it."
    ).commitments
    assert [(c.by, c.status, c.to) for c in found] == [
        (["Nordheim", "Veld"], "agreed", []),
        (["Veld"], "agreed", ["Nordheim"]),
        (["Nordheim"], "agreed", ["Veld"]),
    ]
    assert {c.condition for c in found} == {"only once both parliaments have ratified it"}
    assert all(6 in c.sentences for c in found)


def test_condition_and_deadline_are_the_texts_words():
    (found,) = proposed("Veld will pay by 30 June, provided that Nordheim opens its books.").commitments
    assert (found.condition, found.deadline) == ("provided that Nordheim opens its books", "by 30 June")


def test_a_pronoun_or_description_stands_for_the_one_named_before_whose_sentence_is_cited():
    (found,) = proposed("She promised to rebuild the bridge.").commitments
    assert (found.by, found.sentences) == (["Ana Belmar"], [2, 3])
    (found,) = proposed("The trade minister promised to rebuild the bridge.").commitments
    assert (found.by, found.sentences) == (["Ana Belmar"], [2, 3])
    (found,) = proposed("The utility promised to rebuild the bridge.").commitments
    assert (found.by, found.sentences) == (["Orvel Gas"], [2, 3])


@pytest.mark.parametrize(
    ("text", "by", "stance", "towards"),
    [
        ("Veld welcomed the treaty.", "Veld", "supports", "the treaty"),
        ("Veld denounced “a tax on fish”.", "Veld", "opposes", "a tax on fish"),
        ("Belmar called the treaty “the best news in years”.", "Belmar", "supports", "the treaty"),
        ("Ana Belmar said any cooperation should not break the law.", "Ana Belmar", "opposes", "any cooperation"),
        ("Veld demanded that the levy should not be raised.", "Veld", "opposes", "the levy should not be raised"),
        ("Veld welcomed the treaty but complained about its date.", "Veld", "mixed", "the treaty"),
        ("Veld was furious about the levy.", "Veld", "opposes", "the levy"),
        ("Several local groups praised the vote.", "Several local groups", "supports", "the vote"),
        ("Veld urged Nordheim to wait.", "Veld", "neutral", "Nordheim to wait"),
        ("Orvel Gas was criticised by Veld.", "Veld", "opposes", "Orvel Gas"),
    ],
)
def test_a_reaction_is_read_with_stance_and_target(text: str, by: str, stance: str, towards: str):
    (found,) = proposed(text).reactions
    assert (found.by, found.stance, found.towards) == ([by], stance, towards)


def test_two_who_differ_in_one_sentence_are_two_reactions():
    found = proposed("Veld called the levy “overdue”, yet Ana Belmar was furious about the date.").reactions
    assert {(tuple(r.by), r.stance) for r in found} == {(("Veld",), "supports"), (("Ana Belmar",), "opposes")}


@pytest.mark.parametrize(
    "text", ["Veld did not welcome the treaty.", "“It rained in Veld for four weeks,” Ana Belmar said."]
)
def test_a_denied_stance_and_a_mere_statement_are_none(text: str):
    assert proposed(text).reactions == []


@pytest.mark.parametrize(
    ("text", "raised_by"),
    [
        ("The ships could run out of fuel.", None),
        ("Ana Belmar warned that prices might rise.", "Ana Belmar"),
        ("Veld fears an outbreak of cholera.", "Veld"),
        ("“We could lose the harbour,” said Ana Belmar.", "Ana Belmar"),
    ],
)
def test_a_risk_is_read_with_who_raises_it(text: str, raised_by: str | None):
    (found,) = proposed(text).risks
    assert found.raised_by == raised_by


@pytest.mark.parametrize(
    "text",
    [
        "Veld might win the cup.",
        "The harbour could not be reached by telephone.",
        "Veld threatened to send ships.",
        "Neither side could open the harbour.",
    ],
)
def test_what_does_no_harm_is_no_risk(text: str):
    assert proposed(text).risks == []


def test_headline_questions_and_rows_of_links_propose_nothing():
    document = Document.from_text(
        "Veld will tax fish\n\nIt rained. Will Veld tax fish?\n\nVeld threatens to leave | Nordheim agreed to talks"
    )
    assert extract_by_rules(document) == Draft()


def test_a_language_without_cue_words_proposes_nothing():
    assert (
        extract_by_rules(
            Document.from_text("Rząd podpisał umowę z sąsiadem i obiecał zapłacić za most w przyszłym roku.")
        )
        == Draft()
    )


def test_french_and_spanish_are_read_as_well():
    french = extract_by_rules(
        Document.from_text("La Région et Ferralys ont signé un accord. Le maire de Lyon salue cet accord important.")
    )
    assert [c.status for c in french.commitments] == ["agreed"]
    assert [r.stance for r in french.reactions] == ["supports"]
    spanish = extract_by_rules(
        Document.from_text("El Gobierno de Chile prometió construir un puente. La alcaldesa rechazó el plan.")
    )
    assert [c.status for c in spanish.commitments][:1] == ["pledged"]


def test_a_sentence_that_no_item_cites_is_a_gap_with_its_kinds_strongest_first_and_equals_by_name():
    text = INTRODUCTION + "Veld welcomed a plan that could harm fish. Veld promised a bridge. It rained."
    document = Document.from_text(text, published=date(2025, 3, 1))
    assert gaps(document, frozenset({4})) == [Gap(3, ("reaction", "risk"))]
    assert {gap.sentence for gap in gaps(document, frozenset())} == {3, 4}
    assert gaps(document, frozenset({3, 4})) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Belmar said Veld had agreed to pay.", [(["Veld"], "agreed", [])]),
        ("Veld will be reopening the harbour.", [(["Veld"], "planned", [])]),
        ("Veld could not accept the tax, Ana Belmar said.", [(["Veld"], "refused", [])]),
        ("The minister “will not sign the treaty”.", [(["Ana Belmar"], "refused", [])]),
        ("Asked about the tax, Veld ruled it out.", [(["Veld"], "refused", [])]),
        ("Veld put 9% more on the table.", [(["Veld"], "proposed", [])]),
        ("Veld repeated its promise to pay.", [(["Veld"], "pledged", [])]),
        ("The High Court of Veld told Orvel Gas to pay.", [(["High Court of Veld"], "decided", [])]),
        ("Veld agreed with Nordheim to share the fish.", [(["Veld", "Nordheim"], "agreed", [])]),
        ("The parliament of Veld agreed to ban nets.", [(["parliament"], "decided", [])]),
        ("Ana Belmar said Veld was disappointed and would appeal.", [(["Veld"], "planned", [])]),
        ("Veld will sue Nordheim if the levy stays.", [(["Veld"], "threatened", [])]),
        ("Veld will not hesitate to sue Nordheim.", [(["Veld"], "threatened", [])]),
        ("Nordheim and Veld signed a treaty. The two sides will share the fish.", [
            (["Nordheim", "Veld"], "agreed", []), (["Nordheim", "Veld"], "agreed", []),
        ]),
    ],
)  # fmt: skip
def test_other_ways_to_tell_a_commitment(text: str, expected: list[object]):
    assert commitments(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Orvel Gas has been fined 3 million crowns.",
        "Veld will miss the season.",
        "Orvel Gas had its offer turned down.",
        "Veld saw two plans rejected.",
        "Veld rejected the findings.",
        "Veld would neither confirm nor deny it.",
        "Last year Veld promised a bridge.",
        "Veld would not say more.",
        "Veld would lose its ships, Ana Belmar warned.",
    ],
)
def test_what_happens_is_denied_or_only_said_is_no_commitment(text: str):
    assert commitments(text) == []


def test_a_denial_is_a_reaction_and_no_refusal():
    found = proposed("A spokeswoman for Veld denied it had offered ships.")
    assert [(r.by, r.stance) for r in found.reactions] == [(["spokeswoman"], "opposes")]
    assert found.commitments == []
    spanish = extract_by_rules(
        Document.from_text("El Gobierno de Chile negó que hubiera firmado. Chile se negó a pagar la deuda.")
    )
    assert [(c.status, c.sentences[-1]) for c in spanish.commitments] == [("refused", 2)]
    assert ("opposes", 1) in [(r.stance, r.sentences[-1]) for r in spanish.reactions]


def test_of_speech_within_speech_the_outer_speaker_says_it_and_an_outlet_says_nothing():
    (found,) = proposed("Orvel Gas said that Ana Belmar told Veld that Nordheim will pay.").commitments
    assert (found.by, found.said_by) == (["Nordheim"], "Orvel Gas")
    (found,) = proposed("The Veld Times reported that Ana Belmar said that Nordheim will pay.").commitments
    assert (found.by, found.said_by) == (["Nordheim"], "Ana Belmar")


@pytest.mark.parametrize(
    ("text", "affects"),
    [
        ("The plan could expose Veld to floods.", ["Veld"]),
        ("Orvel Gas could lose its licence.", ["Orvel Gas"]),
        ("The levy could harm the Veld region.", []),
    ],
)
def test_whom_a_harm_would_hit(text: str, affects: list[str]):
    (found,) = proposed(text).risks
    assert found.affects == affects


BRIEFING = """Briefing by Ana Belmar, trade minister of Nordheim

MS. BELMAR: Good afternoon. We will lower the levy in May.

Q Will you pay for it?

MS. BELMAR: I will say more on Friday. We will not pay for the bridge.

MR. ODUYA: I am worried about the harbour.

Q Thank you.
"""


def test_in_a_transcript_we_is_whose_turn_it_is_and_the_sentence_with_the_name_is_cited():
    document = Document.from_text(BRIEFING, published=date(2025, 3, 1))
    found = extract_by_rules(document)
    assert [(c.by, c.status, c.sentences) for c in found.commitments] == [
        (["Belmar"], "pledged", [2, 3]),
        (["Belmar"], "refused", [5, 6]),
    ]
    assert [(r.by, r.stance) for r in found.reactions] == [(["Oduya"], "concerned")]


def test_in_an_interview_a_is_who_is_introduced():
    text = (
        "The harbour’s new chief\n\nAna Belmar has run the harbour since May.\n\nQ: Is it safe?\n\nA: It is.\n\n"
        "Q: And the quay?\n\nA: We will rebuild it by June."
    )
    (found,) = extract_by_rules(Document.from_text(text)).commitments
    assert (found.by, found.status) == (["Ana Belmar"], "pledged")


def test_a_long_text_is_read_to_its_end_however_much_it_proposes():
    text = " ".join(f"Veld will send {number} ships to Nordheim." for number in range(2, 503))
    document = Document.from_text(INTRODUCTION + text)
    assert len(extract_by_rules(document).commitments) == 501
    assert len(gaps(document, cited=set())) > 500


def test_a_name_that_begins_like_a_month_is_no_deadline():
    text = "Arlen sends help\n\nThe government of Arlen will send ten ships from Marseille to the island, it said.\n"
    (commitment,) = extract_by_rules(Document.from_text(text)).commitments
    assert commitment.deadline is None
