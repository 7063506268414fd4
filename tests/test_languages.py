"""Texts in languages and scripts that rules do not read: exact words, numbers, sentences and cut-off negations."""

from pathlib import Path

import pytest

from summariser import check, load_settings
from summariser.documents import Document
from summariser.evals import Job, Suite
from summariser.evals.run import answers_of
from summariser.text import lexicon, state_named
from summariser.text.numbers import numbers_in
from tests.conftest import ROOT

DATA = Path(__file__).with_name("data")


def rows(name: str) -> list[list[str]]:
    """Return the lines of a data file as lists of columns."""
    lines = DATA.joinpath(name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


QUOTED = {language: columns for language, *columns in rows("quoted.txt")}


def found(text: str, words: str):
    """Return the evidence of a quotation, and the words of the text that it points to."""
    (verdict,) = check([{"text": words, "words": words}], text)
    (evidence,) = verdict.evidence
    return evidence, Document.from_text(text).text[evidence.start : evidence.end]


@pytest.mark.parametrize("language", QUOTED)
def test_words_of_the_text_are_verbatim_at_their_place_in_every_script(language: str):
    text, words, *_ = QUOTED[language]
    assert Document.from_text(text).language == language
    evidence, there = found(text, words)
    assert (evidence.match, there) == ("verbatim", words)


@pytest.mark.parametrize("language", QUOTED)
def test_another_number_or_a_negation_left_out_is_altered_in_every_script(language: str):
    text, _, *altered = QUOTED[language]
    assert [found(text, words)[0].match for words in altered] == ["altered", "altered"]


@pytest.mark.parametrize(("language", "text", "words", "stands_alone"), rows("cut.txt"))
def test_words_are_not_cut_off_from_what_negates_them_or_sets_a_condition(language, text, words, stands_alone):
    assert Document.from_text(text).language == language
    evidence, there = found(text, words)
    assert (evidence.match == "verbatim") == (stands_alone == "yes")
    assert there == words or stands_alone == "no"


def test_vowel_signs_are_part_of_the_words():
    text = "मंत्री ने कहा कि कर बढ़ेगा। यूनियन ने योजना का विरोध किया और सरकार से जवाब मांगा।"
    assert found(text, "मंत्री ने कहा कि कर बढ़ेगा")[0].match == "verbatim"
    assert found(text, "मंत्री ने कहा की कर बढ़ेगा")[0].match == "altered"


def test_vowel_points_that_a_text_may_leave_out_make_no_difference():
    text = "قال المدير إنّ الأسعارَ سترتفع في يوليو. تنتظر النقابة ردا من هيئة الميناء."
    assert found(text, "إن الأسعار سترتفع في يوليو")[0].match == "verbatim"


# ── numbers and sentences ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("٤٥", "45", "ar"),
        ("٣٫٥٪", "3.5%", "ar"),
        ("12 في المئة", "12%", "ar"),
        ("४५ प्रतिशत", "45 %", "hi"),
        ("12,34,567", "1234567", "hi"),
        ("５０％", "50%", "ja"),
        ("4パーセント", "4%", "ja"),
        ("3.5亿", "350000000", "zh"),
        ("2만", "20000", "ko"),
        ("๔๕", "45", "th"),
        ("3 миллиона", "3 млн", "ru"),
        ("4 процента", "4%", "ru"),
        ("4 per cento", "4%", "it"),
        ("2 milhões", "2000000", "pt"),
        ("5 tysięcy", "5000", "pl"),
        ("4½ per cent", "4.5 %", "en"),
        ("4 1/2 per cent", "4.5 %", "en"),
        ("¾ million", "750,000", "en"),
        ("4¾ Prozent", "4,75 %", "de"),
        ("3⅛ jours", "3,125 jours", "fr"),
        ("2½ anni", "2,5 anni", "it"),
    ],
)
def test_numbers_in_other_digits_and_words_are_equal(one: str, other: str, language: str):
    assert numbers_in(one, language) == numbers_in(other, language) != frozenset()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("部长说明年会涨价。工会反对！谁来付钱？没有人知道。", 4),
        ("大臣は来年値上げすると述べた。組合は反対した！誰が払うのか？", 3),
        ("मंत्री ने कहा कि किराया बढ़ेगा। यूनियन ने विरोध किया। कौन देगा?", 3),
        ("قال الوزير إن الأسعار سترتفع. عارضت النقابة الخطة. من سيدفع؟", 3),
    ],
)
def test_sentences_end_at_the_marks_of_their_script(text: str, count: int):
    assert len(Document.from_text(text).sentences) == count


def test_a_headline_is_found_where_words_are_not_set_apart():
    document = Document.from_text("临江大桥过桥费明年取消\n\n临江市政府星期四宣布，过桥费将取消。市民表示欢迎。")
    assert document.title == "临江大桥过桥费明年取消"


def test_at_least_ten_languages_have_negations_whose_list_says_where_it_is_from():
    listed = [
        language
        for language in (*lexicon.RULE_LANGUAGES, *lexicon.OTHER_LANGUAGES)
        if lexicon.reads_negations(language)
    ]
    assert len(listed) >= 14


def test_a_language_without_negations_has_no_pattern_of_them():
    assert lexicon.in_running_text("negations", "fi").search("ei koskaan, not, nicht") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Германия", "DE"),
        ("中国", "CN"),
        ("Stati Uniti", "US"),
        ("भारत", "IN"),
        ("روسيا", "RU"),
        ("대한민국", "KR"),
        ("Marlow", None),
    ],
)
def test_a_state_is_known_by_its_name_in_many_languages(name: str, code: str | None):
    assert state_named(name) == code


def test_the_citations_of_a_large_model_in_further_languages_are_the_words_of_the_text():
    suite = Suite.load(ROOT / "evals/languages")
    settings = load_settings(temperature=suite.temperature)
    job = Job(suite=suite, cases=suite.cases, prompt=suite.prompt("brief@3"), model="openai/claude", settings=settings)
    summaries = [answers_of(job, case).summary for case in suite.cases]
    matches = [each.match for summary in summaries for claim in summary.claims for each in claim.evidence]
    assert len(matches) == 150
    assert set(matches) == {"verbatim"}
