"""Documents: one normal form, numbered sentences, marked boilerplate, and what the text says of itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summariser.documents.document import Document
from summariser.documents.publication import find_date
from summariser.documents.sentences.spans import sentence_spans
from summariser.errors import InputError
from summariser.text.normalization import normalise


def document(text: str, **kwargs: date) -> Document:
    return Document.from_text(text, **kwargs)


def test_line_ends_are_one_kind():
    assert normalise("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"


def test_half_a_surrogate_pair_is_gone():
    assert normalise("open \ud83d now") == "open  now"


def test_composed_and_decomposed_letters_are_the_same():
    assert normalise("Cafe\u0301") == "Caf\u00e9"


def test_control_zero_width_and_direction_characters_are_gone():
    assert normalise("a\x00b\x1b[31mc\u200bd\u202ee\ufeff") == "ab[31mcde"


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(min_size=1, max_size=400))
def test_sentences_are_cut_from_the_text_in_order(text):
    try:
        made = document(text)
    except InputError:
        return
    assert [s.number for s in made.sentences] == list(range(1, len(made.sentences) + 1))
    assert all(made.text[s.start : s.end] == s.text == s.text.strip() for s in made.sentences)
    assert all(a.end <= b.start for a, b in zip(made.sentences, made.sentences[1:], strict=False))
    covered = "".join(s.text for s in made.sentences)
    assert "".join(covered.split()) == "".join(made.text.split())


@pytest.mark.parametrize("text", ["", "   \n\t\n", "…—!?"])
def test_a_text_without_a_word_is_refused(text):
    with pytest.raises(InputError, match="nothing to summarise"):
        document(text)


def test_one_word_is_a_document():
    assert [s.text for s in document("word").sentences] == ["word"]


def test_hard_wrapped_lines_are_one_sentence():
    text = (
        "The ministers of the two countries met on Monday in the old town hall to\n"
        "sign a treaty on fishing rights that took eleven years to negotiate, and\n"
        "left by noon."
    )
    assert len(document(text).sentences) == 1


def test_bullets_and_headings_are_sentences_of_their_own():
    text = "The plan has two parts:\n- a levy on sugar from May\n- a fund for schools\n\nBoth start at once."
    assert [s.text for s in document(text).sentences] == [
        "The plan has two parts:",
        "- a levy on sugar from May",
        "- a fund for schools",
        "Both start at once.",
    ]


def test_a_middle_initial_ends_no_sentence():
    made = document("She works at the Daniel K. Inouye Center in Honolulu. It is large.")
    assert len(made.sentences) == 2


def test_the_seed_is_read_as_a_person_would(seed):
    assert len(seed.sentences) == 47
    assert seed.title == "Kim Jong Un and Putin meet in North Korea and sign strategic partnership"
    assert (seed.language, seed.dateline, seed.published) == ("en", "SEOUL, South Korea", None)
    assert {s.number: s.boilerplate for s in seed.sentences if s.boilerplate} == {
        1: "menu",
        2: "menu",
        21: "caption",
        22: "credit",
        47: "byline",
    }


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Skip to content", "menu"),
        ("Read more", "menu"),
        ("Share on Facebook", "share"),
        ("Photo: Ana Belmar/Reuters", "credit"),
        ("© 2031 The Harbour Post", "credit"),
        ("By Nora Quill and Piet Azar", "byline"),
        ("Reporting by Nora Quill; editing by Piet Azar", "byline"),
        ("The minister (left) greets the envoy.", "caption"),
        ("Share prices fell.", None),
        ("By Monday the talks had failed.", None),
        ("The agency reported from the front that the bridge had fallen.", None),
        ("He told reporters to close the door.", None),
        ("Search parties found the boat.", None),
        ("Senator Tom Arden (R) said he will block the nuclear treaty.", None),
        ("Dieter Barsch (Left) condemned the vote.", None),
        ("Image: a nation in crisis, says the bank.", None),
    ],
)
def test_boilerplate_is_told_from_content(line, kind):
    made = document(
        f"The council met on Friday to vote on the harbour.\n\n{line}\n\nIt voted for the plan by nine to two."
    )
    assert [s.boilerplate for s in made.sentences if s.text == line] == [kind]


def test_a_text_of_boilerplate_alone_is_all_content():
    assert [s.boilerplate for s in document("close\n\nmenu").sentences] == [None, None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 19 June 2024 in", date(2024, 6, 19)),
        ("June 19, 2024", date(2024, 6, 19)),
        ("2024-06-19", date(2024, 6, 19)),
        ("le 1er mars 2017", date(2017, 3, 1)),
        ("3 de mayo de 2021", date(2021, 5, 3)),
        ("4 Sept. 2025", date(2025, 9, 4)),
        ("3. Dez. 2025", date(2025, 12, 3)),
        ("31 February 2024", None),
        ("Wednesday", None),
        ("in May 2024", None),
    ],
)
def test_only_a_whole_date_is_a_date(text, day):
    assert find_date(text) == day


def test_a_date_line_is_the_day_of_publication():
    assert document("Harbour vote\n\nMarch 3, 2031\n\nThe council met.").published == date(2031, 3, 3)


def test_a_date_inside_the_story_is_not_the_day_of_publication():
    text = "The treaty of 3 March 1991 between the two neighbours, long forgotten by both, was cited again on Monday."
    assert document(text).published is None


def test_the_given_day_of_publication_wins():
    given_day = date(2030, 1, 2)
    assert document("Harbour vote\n\nMarch 3, 2031\n\nThe council met.", published=given_day).published == given_day


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("LISBON, Portugal — ", "LISBON, Portugal"),
        ("PORT LUME, Jan. 15 – ", "PORT LUME"),
        ("KALLPORT, Feb 21 (Arlen Wire) - ", "KALLPORT"),
        ("ST. VELD (Arlen Wire) -- ", "ST. VELD"),
    ],
)
def test_a_dateline_is_found_and_is_no_part_of_what_is_said(opening: str, place: str):
    made = document(f"{opening}The union called off its strike on Monday after talks.")
    assert made.dateline == place
    assert made.said(made.sentences[0])[1].startswith("The union")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le gouvernement a annoncé mardi une hausse des impôts sur le sucre.", "fr"),
        ("Die Regierung kündigte am Dienstag höhere Steuern auf Zucker an.", "de"),
        ("정부는 화요일 설탕에 대한 세금 인상을 발표했다.", "ko"),
    ],
)
def test_the_language_is_found(text, language):
    assert document(text).language == language


def test_the_language_is_that_of_the_text_not_of_its_first_words():
    headline = "Aldwick hospital maternity unit to stay shut"
    body = "The maternity unit at Aldwick General will stay shut until the spring, the health board said on Monday."
    assert Document.from_text(f"{headline}\n\n{body}").language == "en"
    german = "Die Regierung sagte am Montag, das Krankenhaus werde bis zum Frühjahr geschlossen bleiben. " * 6
    assert Document.from_text(f"{headline}\n\n{german}").language == "de"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("(a) The board met. It agreed.", ["(a) The board met.", "It agreed."]),
        ("(12) The board met. It agreed.", ["(12) The board met.", "It agreed."]),
        ("It met in 2006.¹² It agreed.¹", ["It met in 2006.¹²", "It agreed.¹"]),
    ],
)
def test_labels_and_raised_numbers_of_notes_leave_sentences_apart(text: str, sentences: list[str]):
    made = Document.from_text(text)
    assert [sentence.text for sentence in made.sentences] == sentences
    assert all(made.text[sentence.start : sentence.end] == sentence.text for sentence in made.sentences)


ONE_SENTENCE = [
    ("en", "4.1. The board met on Monday."),
    ("en", "4.1.2. The board met on Monday."),
    ("de", "12.3. Der Rat stimmte dem Plan zu."),
    ("tr", "4.1.2. Kurul pazartesi günü toplandı."),
    ("th", "โรงเรียนอยู่ที่ อ. เมือง จ. เชียงใหม่ และเปิดแล้ว"),
    ("th", "เมื่อวันที่ 3 ม.ค. 2563 นายกกล่าว"),
    ("th", "ในปี พ.ศ. 2563 ดร. สมชาย กล่าวเวลา 10.00 น. ที่ท่าเรือ"),
    ("tr", "İ.Ü. Hukuk Fakültesi toplandı."),
    ("tr", "Kanunun 3. maddesi değişti."),
    ("tr", "Ankara'da T.C. Merkez Limanı karar aldı."),
    ("hu", "A 3. számú törvény lejárt."),
    ("pl", "Spotkanie odbyło się 3. maja."),
    ("pl", "M.in. to omówiono."),
    ("ko", "회의는 2020.1.1. 서울에서 열렸다."),
    ("ko", "회의는 2020. 2. 3. 열린다."),
    ("ko", "그는 “우리는 합의했다.”라고 말했다."),
    ("ko", "그는 “합의했다.”고 밝혔다."),
    ("ko", "그는 “합의했다.” 라고 말했다."),
    ("ja", "「会議は終わった。」と述べた。"),
    ("nl", "E.e.a. is besproken met de raad."),
    ("nl", "Koop de krant Onafhankelijk! en lees hem."),
    ("nl", "„Kom je?” vroeg de minister."),
    ("es", "¡Ganamos! dijo la alcaldesa."),
    ("en", "MARLOW.COM, INC. filed a complaint."),
    ("en", "“Do you know?” Arden said."),
    ("en", "“What next?” Mira Holt asked on Monday."),
    ("ru", "Мы встречаем... группу из города."),
    ("my", "သူသည်၊ သူနှင့်၊ ကျောင်းသို့ သွားသည်။"),
]


@pytest.mark.parametrize(("language", "text"), ONE_SENTENCE)
def test_no_sentence_ends_at_a_number_an_abbreviation_or_a_quotation(language: str, text: str):
    assert split(text, language) == [text]


TWO_SENTENCES = [
    ("zh", "会议结束。", "2018年，委员会成立。"),
    ("ja", "会議は終わった！", "2018年に始まった。"),
    ("de", "Es gibt zwei Formen.", "2014 wurde die dritte erfunden."),
    ("de", "Das sagte er im Januar.", "2014 war er weg."),
    ("nl", "Gebruik de app.", "Het is gratis."),
    ("en", "It starts on 3 May.", "Crews agree with the plan."),
    ("en", "It will cut the jobs by May.", "“Orvel Gas will sign,” it said."),
    ("en", "He came at 5 p.m.", "The board left."),
    ("en", "It met in the U.S.", "The board left."),
    ("en", "It grew by 4.1.", "The board left."),
    ("en", "It was version 2.4.1.", "Then it broke."),
    ("en", "It was 3.", "The board left."),
    ("en", "Great!", "iPhones sell."),
    ("en", "Stop!", "a) first of all b) last of all"),
    ("en", "what a win!", "we left."),
    ("en", "He left the harbour.", "The union stayed."),
    ("en", "“Do you know?”", "Arden said he had left."),
    ("tr", "Sonuç 3.", "Maddeler değişti."),
    ("ko", "“합의했다.”", "고래는 바다에 산다."),
    ("ko", "“합의했다.”", "이라크는 거부했다."),
    ("my", "သူ သွားသည်။", "သူ ပြန်လာသည်။"),
]


@pytest.mark.parametrize(("language", "first", "second"), TWO_SENTENCES)
def test_a_sentence_ends_though_a_number_or_lower_case_follows(language: str, first: str, second: str):
    text = f"{first}{'' if language in ('zh', 'ja') else ' '}{second}"
    assert split(text, language) == [first, second]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "「会議は終わった。2018年に始まった」と述べた。"),
        ("de", "Im Okt. 2014 wurde er Chef."),
        ("de", "In der Aufl. 2014 war das anders."),
    ],
)
def test_no_sentence_ends_within_brackets_or_before_the_year_of_an_abbreviated_month(language: str, text: str):
    assert split(text, language) == [text]


def split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end, _ in sentence_spans(text, language, ())]
