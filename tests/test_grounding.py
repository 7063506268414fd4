"""Grounding: no altered quotation passes, no faithful one fails; paraphrases agree in what matters."""

import tomllib
from pathlib import Path

import pytest

from summariser.documents.document import Document
from summariser.grounding import Actor, Grounder, Judgement, statement
from summariser.grounding.evidence import evidence_of

QUOTES = tomllib.loads((Path(__file__).parent / "data" / "quotes.toml").read_text("utf-8"))["quotes"]


def actor(name: str, *aliases: str, person: bool = False, bare: tuple[int, ...] = ()) -> Actor:
    return Actor(name=name, names=frozenset((name, *aliases)), person=person, bare=frozenset(bare))


@pytest.mark.parametrize("row", QUOTES, ids=lambda row: row["id"])
def test_faithful_quotations_are_the_sources_and_altered_ones_are_not(row):
    found = Grounder(Document.from_text(row["source"])).quote(row["quote"])
    assert found.good == row["faithful"], found


def test_the_table_is_large_and_has_both_sides():
    assert sum(row["faithful"] for row in QUOTES) >= 50
    assert sum(not row["faithful"] for row in QUOTES) >= 70


STORY = Document.from_text(
    "The harbour treaty\n\n"
    "Arlen and Bocia signed a treaty on Monday that bars both from building new ports before 2040. "  # 2
    "Prime Minister Ana Belmar of Arlen said it would save 1,200 jobs. "  # 3
    "She called the deal “a fair price for peace”. "  # 4
    "Bocia will not pay for the old cranes. "  # 5
    "Its trade minister, Joao Pell, did not rule out a levy on steel. "  # 6
    "Dockers fear that two thirds of the quays could close within five years."  # 7
)
ANA = actor("Ana Belmar", "Belmar", person=True)
PELL = actor("Joao Pell", "Pell", person=True)
ARLEN, BOCIA, DOCKERS = actor("Arlen"), actor("Bocia"), actor("dockers")


def judged(
    text: str, *sentences: int, said_by: tuple[Actor, ...] = (), by: tuple[Actor, ...] = (), words: str = ""
) -> Judgement:
    claim = statement(text, by=by, said_by=said_by, sentences=sentences, words=words)
    return Grounder(STORY, everybody=[ANA, PELL, ARLEN, BOCIA]).claim(claim)


def reasons(judgement: Judgement) -> str:
    return " ".join(finding.reason for _, finding in judgement.findings)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Arlen and Bocia signed a treaty that bars both from building new ports before 2040", 2),
        ("the treaty bars building new ports before 2040", 2),
        ("it would save 1200 jobs", 3),
        ("would save one thousand two hundred jobs", 3),
        ("Bocia won't pay for the old cranes", 5),
        ("did not rule out a levy on steel", 6),
        ("two-thirds of the quays could close within 5 years", 7),
    ],
)
def test_a_paraphrase_that_the_cited_sentence_carries_is_supported(text, sentence):
    assert judged(text, sentence).verdict == "supported"


@pytest.mark.parametrize(
    ("text", "sentence", "verdict", "reason"),
    [
        ("the treaty bars building new ports before 2045", 2, "not_enough_info", "2045"),
        ("signed a treaty on Tuesday that bars building new ports", 2, "refuted", "Tuesday"),
        ("it would save 1,300 jobs", 3, "refuted", "1,300"),
        ("Bocia will pay for the old cranes", 5, "refuted", "negates"),
        ("ruled out a levy on steel", 6, "refuted", "negates"),
        ("both never signed a treaty that bars building new ports", 2, "refuted", "negates"),
        ("rules in a levy on steel", 6, "refuted", "negates"),
        ("the quays could close within five weeks, two thirds of them", 7, "not_enough_info", "weeks"),
        ("Dorland and Arlen signed a treaty that bars both from building new ports", 2, "not_enough_info", "Dorland"),
    ],
)
def test_a_paraphrase_that_changes_the_meaning_is_not_supported_and_says_how(text, sentence, verdict, reason):
    found = judged(text, sentence)
    assert (found.verdict, reason in reasons(found)) == (verdict, True), reasons(found)


def test_content_that_is_nowhere_is_not_supported():
    found = judged("the airports of the capital were sold to investors", 2)
    assert found.verdict == "not_enough_info"
    assert "“airports”" in reasons(found)


@pytest.mark.parametrize("text", ["", "the"])
def test_a_claim_that_says_nothing_is_never_supported(text):
    assert judged(text, 5).verdict != "supported"


def test_evidence_moves_to_the_sentence_that_carries_the_claim():
    found = Grounder(STORY).claim(statement("Bocia will not pay for the old cranes", sentences=(3,))).found
    assert found.match == "relocated"
    assert evidence_of(found, STORY)[0].sentences == (5,)


@pytest.mark.parametrize("sentences", [(), (0,), (99,), (-3, 1000)])
def test_a_sentence_number_that_does_not_exist_harms_only_its_item(sentences):
    assert judged("Bocia will not pay for the old cranes", *sentences).found.match == "relocated"
    assert judged("Bocia will not mend its roads this winter", *sentences).found.match == "missing"


def test_an_actor_in_whose_place_another_acts_is_contradicted():
    assert judged("will not pay for the old cranes", 5, by=(ARLEN,)).verdict == "refuted"
    assert judged("will not pay for the old cranes", 5, by=(BOCIA,)).verdict == "supported"


def test_a_pronoun_means_the_person_named_last():
    assert judged("called the deal a fair price for peace", 4, said_by=(ANA,)).verdict == "supported"
    assert judged("called the deal a fair price for peace", 4, said_by=(PELL,)).verdict != "supported"


def test_who_is_named_there_is_not_therefore_who_speaks():
    document = Document.from_text("Ana Belmar met the press. She said Bocia had broken the treaty on fish.")
    found = Grounder(document, everybody=[ANA, BOCIA]).claim(
        statement("said Bocia had broken the treaty on fish", said_by=(BOCIA,), sentences=(2,))
    )
    assert found.verdict != "supported"


def test_the_one_beside_the_verb_of_saying_speaks():
    document = Document.from_text("“Joao Pell broke the treaty on fish,” said Ana Belmar on Friday.")
    grounder = Grounder(document, everybody=[ANA, PELL])
    text = "broke the treaty on fish"
    assert grounder.claim(statement(text, said_by=(PELL,), sentences=(1,))).verdict != "supported"
    assert grounder.claim(statement(text, said_by=(ANA,), sentences=(1,))).verdict == "supported"


def test_states_go_by_their_people_and_seats():
    document = Document.from_text("Moscow signed a pact on grain with the North Korean leader.")
    grounder = Grounder(document)
    claim = statement("Russia signed a pact on grain with North Korea", sentences=(1,))
    assert grounder.claim(claim).verdict == "supported"
    wrong = statement("Russia signed a pact on grain with South Korea", sentences=(1,))
    assert grounder.claim(wrong).verdict != "supported"


def test_the_place_of_writing_is_no_part_of_what_is_said():
    document = Document.from_text("SEOUL, South Korea — Russia signed a pact on grain with Mongolia on Monday.")
    korea = actor("South Korea")
    found = Grounder(document, everybody=[korea]).claim(
        statement("signed a pact on grain", by=(korea,), sentences=(1,))
    )
    assert found.verdict != "supported"


def test_good_words_do_not_save_a_claim_that_says_something_else():
    words = "Bocia will not pay for the old cranes"
    assert judged("Bocia will pay for the old cranes", 5, words=words).verdict == "refuted"


def test_words_that_are_not_the_sources_refute_a_claim_that_is_right():
    found = judged("Bocia will not pay for the old cranes", 5, words="Bocia will never pay for the old cranes")
    assert (found.found.match, found.verdict) == ("altered", "refuted")


def test_words_from_another_sentence_are_relocated():
    text = "Bocia will not pay for the old cranes"
    assert judged(text, 3, words="Bocia will not pay for the old cranes.").found.match == "relocated"


def test_spans_yield_their_text():
    (evidence,) = evidence_of(Grounder(STORY).quote("a fair price for peace"), STORY)
    assert evidence.text == STORY.text[evidence.start : evidence.end] == "a fair price for peace"
    assert evidence.sentences == (4,)


def test_boilerplate_carries_nothing():
    document = Document.from_text(
        "The council met on Friday.\n\nPhoto: the mayor opens the new bridge\n\nIt voted for the plan."
    )
    assert document.sentences[1].boilerplate == "credit"
    found = Grounder(document).claim(statement("the mayor opens the new bridge", sentences=(2,)))
    assert (found.found.match, found.verdict) == ("missing", "not_enough_info")


def test_where_the_language_has_no_negations_only_whole_sentences_are_verbatim():
    grounder = Grounder(
        Document.from_text("Hallitus korottaa sokerin veroa ensi vuonna. Oppositio vastustaa päätöstä.")
    )
    assert grounder.quote("Hallitus korottaa sokerin veroa ensi vuonna.").match == "verbatim"
    assert grounder.quote("korottaa sokerin veroa").difference == "language"


def test_where_the_language_has_no_rules_only_exact_words_are_supported():
    document = Document.from_text("정부는 화요일 설탕에 대한 세금 인상을 발표했다. 야당은 반대했다.")
    grounder = Grounder(document)
    assert grounder.quote("정부는 화요일 설탕에 대한 세금 인상을 발표했다.").match == "verbatim"
    exact = statement("정부는 화요일 설탕에 대한 세금 인상을 발표했다", sentences=(1,))
    assert grounder.claim(exact).verdict == "supported"
    other = grounder.claim(statement("정부는 설탕에 대한 세금 인상을 발표했다", sentences=(1,)))
    assert (other.verdict, "only exact words" in reasons(other)) == ("not_enough_info", True)


def test_names_and_numbers_that_the_source_nowhere_has_are_found_in_prose():
    assert Grounder(STORY).unknown_terms("Arlen and Dorland agree on 12 ports") == ["Dorland", "12"]
    assert Grounder(STORY).unknown_terms("Arlen and Bocia agree until 2040") == []


@pytest.mark.parametrize(
    ("source", "quote"),
    [
        ("The bank denied on Monday in a long statement to the press that it paid the ransom.", "it paid the ransom"),
        ("It is a lie that the bank lost the money of its clients.", "the bank lost the money of its clients"),
        ("The report that the bank paid the ransom is wrong.", "the bank paid the ransom"),
        ("It is far from certain that Arlen will join the union.", "Arlen will join the union"),
        ("The prisoners were not, the minister said, beaten by the guards.", "beaten by the guards"),
        ("Arlen will join the union once Bocia leaves it.", "Arlen will join the union"),
        ("Arlen will join the union, but only if Bocia leaves it.", "Arlen will join the union"),
        ("Arlen will join the union, the premier said, if Bocia leaves it.", "Arlen will join the union"),
        ("Should Bocia leave it, Arlen will join the union.", "Arlen will join the union"),
        ("The deal will cost from 5 to 7 million euros.", "will cost from 5"),
        ("The price rose to $1.5 million.", "The price rose to $1.5"),
        ("Prices fell by 3.5% in May.", "Prices fell by 3.5"),
        ("Half of the 200 workers will leave.", "the 200 workers will leave"),
        ("The bank made a non-binding offer to all staff.", "binding offer to all staff"),
        ("So-called reformers won the vote.", "reformers won the vote"),
        ("Did the government pay the ransom?", "the government pay the ransom"),
        ("“We will pay,” said Ana Belmar. “Then we leave,” said Joao Pell.", "We will pay ... Then we leave"),
        ("“We will pay,” said Ana Belmar. “We will not leave.”", "We will pay ... We will"),
        ("L'azienda non firmerà il trattato di pace questa settimana, ha detto.", "firmerà il trattato di pace"),
    ],
)
def test_a_quotation_cut_out_of_what_governs_it_is_not_accepted(source, quote):
    assert not Grounder(Document.from_text(source)).quote(quote).good


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("Arlen will raise the port tax by May.", "lower the port tax by May"),
        ("The bank sold more than 500 offices in May.", "sold fewer than 500 offices in May"),
        ("The mine moved 5 kilograms of gold in May.", "moved 5 tonnes of gold in May"),
        ("The talks on gold will begin tomorrow in Lima.", "talks on gold will begin today in Lima"),
        ("Chad Miller will build the port for gold.", "Chad will build the port for gold and Peru"),
    ],
)
def test_a_claim_turned_round_by_one_word_is_not_supported(source, claim):
    found = Grounder(Document.from_text(source)).claim(statement(claim, sentences=(1,)))
    assert found.verdict != "supported"


@pytest.mark.parametrize(
    ("source", "claim", "verdict"),
    [
        ("Arlen will raise pay by 4½ per cent.", "raise pay by 4 per cent", "refuted"),
        ("Arlen will raise pay by 4½ per cent.", "raise pay by 4.5 per cent", "supported"),
        ("See page 2.\n\nArlen will pay within a year.", "pay within two years", "not_enough_info"),
        ("See section 3.\n\nArlen will raise pay by per cents.", "raise pay by 3 per cent", "not_enough_info"),
        (
            "Speaker 1: Will you?\n\nSpeaker 2: I will pay within a year.\n\n"
            "Speaker 1: Why?\n\nSpeaker 2: I will pay within a year.",
            "pay within two years",
            "not_enough_info",
        ),
    ],
)
def test_a_number_is_that_of_its_own_unit_and_not_of_a_page_or_a_label(source, claim, verdict):
    document = Document.from_text(source)
    found = Grounder(document).claim(statement(claim, sentences=(len(document.sentences),)))
    assert found.verdict == verdict, reasons(found)


def test_a_person_named_like_a_state_is_none():
    document = Document.from_text("Chad Miller vowed to build the port in Lima by May.")
    chad = actor("Chad")
    claim = statement("build the port in Lima by May", by=(chad,), sentences=(1,))
    assert Grounder(document, everybody=[chad]).claim(claim).verdict != "supported"


def test_the_passive_has_its_actor_after_by():
    document = Document.from_text("Ana Belmar was criticised by Joao Pell for the deal on steel.")
    grounder = Grounder(document, everybody=[ANA, PELL])
    text = "criticised for the deal on steel"
    verdicts = [grounder.claim(statement(text, by=(who,), sentences=(1,))).verdict for who in (ANA, PELL)]
    assert verdicts[0] != "supported"
    assert verdicts[1] == "supported"


def test_a_name_in_the_dateline_is_known_to_the_check_of_headline_and_overview():
    document = Document.from_text(
        "A truce\n\nSTATEMENT BY THE NORVANIAN MEDIATION – SELVE, 22 April 2034 – The truce holds."
    )
    assert Grounder(document, everybody=[]).unknown_terms("The Norvanian mediation in Selve and Brenn speak.") == [
        "Brenn"
    ]
