"""Transcripts: which texts are transcripts, where their turns begin, and who speaks."""

from pathlib import Path

import pytest

from summariser import check, summarise
from summariser.documents import Document, Turn
from summariser.extraction.rules.extract import extract_by_rules
from summariser.grounding import Actor, Grounder, statement
from summariser.testing import FakeModel
from summariser.text import name_in_label

SPEECHES = (
    "We will publish the ferry review before the summer recess.",
    "I welcome that commitment. Will you rule out a split?",
    "I am not going to rule anything out at this stage.",
    "Thank you for giving way. We will halve the fares within a year.",
)
DEBATE = (
    "Ana Belmar: We will publish the review.\n\nPiet Azar: I welcome that.\n\n"
    "Ana Belmar: I rule nothing out.\n\nPiet Azar: We shall see."
)


BY_LANGUAGE = {
    "en": SPEECHES,
    "fr": (
        "Nous publierons le rapport sur les ferries avant l’été.",
        "Je salue cet engagement. Excluez-vous une scission ?",
        "Je n’exclus rien à ce stade.",
        "Je vous remercie. Nous réduirons les tarifs de moitié en un an.",
    ),
    "de": (
        "Wir werden den Bericht über die Fähren vor dem Sommer veröffentlichen.",
        "Ich begrüße diese Zusage. Schließen Sie eine Teilung aus?",
        "Ich schließe derzeit nichts aus.",
        "Ich danke Ihnen. Wir werden die Preise in einem Jahr halbieren.",
    ),
    "es": (
        "Publicaremos el informe sobre los ferris antes del verano.",
        "Celebro ese compromiso. ¿Descarta usted una división?",
        "No descarto nada en este momento.",
        "Se lo agradezco. Reduciremos las tarifas a la mitad en un año.",
    ),
    "it": (
        "Pubblicheremo il rapporto sui traghetti prima dell’estate.",
        "Accolgo con favore questo impegno. Esclude una divisione?",
        "Non escludo nulla in questa fase.",
        "La ringrazio. Dimezzeremo le tariffe entro un anno.",
    ),
    "pt": (
        "Publicaremos o relatório sobre os barcos antes do verão.",
        "Saúdo esse compromisso. Exclui uma divisão?",
        "Não excluo nada nesta fase.",
        "Agradeço. Vamos reduzir as tarifas para metade num ano.",
    ),
}
FORMS = [
    tuple(part.replace("\\n", "\n").replace("\\t", "\t") for part in line.replace("\t", "|").split("|"))
    for line in Path(__file__).with_name("data").joinpath("labels.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
"""Forms of labels: the language, two labels, and who speaks after each."""
each_form = pytest.mark.parametrize("form", FORMS, ids="-".join)


def transcript(*labels: str, after: str = " ") -> str:
    """Return a text in which each label stands before a speech."""
    return "\n\n".join(f"{label}{after}{SPEECHES[place % len(SPEECHES)]}" for place, label in enumerate(labels))


def turns(text: str) -> list[Turn]:
    """Return the turns of a text in order."""
    return list(dict.fromkeys(s.turn for s in Document.from_text(text).sentences if s.turn))


def speakers(text: str) -> list[str]:
    return [turn.speaker for turn in turns(text)]


# ── forms of labels ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Ana Belmar:", "Piet Azar:", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar, minister:", "Piet Azar, Harbour Board:", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar, minister for islands and ports:", "Piet Azar, MP:", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar – Minister for Ports:", "Piet Azar:", ["Ana Belmar", "Piet Azar"]),
        ("van der Berg:", "de la Cruz:", ["van der Berg", "de la Cruz"]),
        ("SPEAKER 1:", "SPEAKER 2:", ["", ""]),
        ("Speaker One:", "Speaker 2:", ["", ""]),
        ("SPEAKER_00:", "[Ana Belmar]:", ["", "Ana Belmar"]),
        ("[00:12:03] Ana Belmar:", "(10:15) PIET AZAR:", ["Ana Belmar", "Piet Azar"]),
        ("10:15 a.m. - Ana Belmar:", "00:01:02.500 --> 00:01:04.000 Piet Azar:", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar [00:12]:", "Piet Azar (0:13):", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar (Ostrand South) (Con):", "Dame Nora Quill (Eastcliff, SNP):", ["Ana Belmar", "Nora Quill"]),
        ("The Minister for Ports (Piet Azar):", "Madam Deputy Speaker:", ["Piet Azar", ""]),
        ("MS. JEAN-AZAR:", "Mr. Quill:", ["Jean-Azar", "Quill"]),
        ("THE PRESIDENT:", "SEN. ANA BELMAR (R-OS):", ["", "Ana Belmar"]),
        ("PRESIDENT BELMAR:", "VICE PRESIDENT AZAR:", ["Belmar", "Azar"]),
        ("Interviewer:", "moderator:", ["", ""]),
        ("UNIDENTIFIED MALE:", "A voice from the gallery:", ["", ""]),
        ("**Ana Belmar:**", "**Piet Azar**:", ["Ana Belmar", "Piet Azar"]),
        (">> ANA BELMAR:", ">> PIET AZAR:", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar :", "M. Piet Azar. –", ["Ana Belmar", "Piet Azar"]),
        ("El señor PRESIDENTE:", "La señora BELMAR SOTO:", ["", "Belmar Soto"]),
        ("Анна Белова:", "Пётр Азаров:", ["Анна Белова", "Пётр Азаров"]),
        ("Q:", "A:", ["", ""]),
        ("Q: ", "A: ", ["", ""]),
        ("Q", "A", ["", ""]),
        ("Q.", "A.", ["", ""]),
        ("**Q1:**", "**A1:**", ["", ""]),
        ("AB:", "PA:", ["", ""]),
    ],
)
def test_labels_have_many_forms(first, second, names):
    assert speakers(transcript(first, second, first, second)) == names * 2


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Ana Belmar:", "Piet Azar:", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar", "Piet Azar", ["Ana Belmar", "Piet Azar"]),
        ("ANA BELMAR", "### Piet Azar", ["Ana Belmar", "Piet Azar"]),
        ("Ana Belmar (Marlow) (Lab)", "Mr Speaker", ["Ana Belmar", ""]),
        ("Ana Belmar  0:03", "Speaker 2 | 00:14", ["Ana Belmar", ""]),
        ("Ana Belmar -- Chief Executive", "Operator", ["Ana Belmar", ""]),
        ("Ana Belmar\n(Rivertown North) (Lab)", "The Minister for Ports (Piet Azar)", ["Ana Belmar", "Piet Azar"]),
        ("Q", "A", ["", ""]),
    ],
)
@pytest.mark.parametrize("after", ["\n", "\n\n"])
def test_a_label_may_stand_on_a_line_of_its_own(first, second, names, after):
    text = transcript(first, second, first, second, after=after)
    assert speakers(text) == names * 2
    document = Document.from_text(text)
    assert all(document.text[turn.spoken :].startswith(SPEECHES[n]) for n, turn in enumerate(turns(text)))


def test_the_label_of_a_turn_has_no_time_and_its_span_is_where_it_stands():
    document = Document.from_text(transcript(*("[00:12] **Ana Belmar (Con)** (0:12):", "Piet Azar 1:03:") * 2))
    first, second, *_ = turns(document.text)
    assert (first.label, second.label) == ("Ana Belmar (Con)", "Piet Azar")
    assert [document.text[slice(*turn.span)] for turn in (first, second)] == [first.label, second.label]
    assert document.spoken(document.sentences[0]) == SPEECHES[0]


def test_a_label_begins_a_sentence_although_the_line_before_has_no_full_stop():
    text = "Ana: yes we do\nPiet: no we do not\nAna: yes we do indeed\nPiet: no we will not"
    assert [s.text for s in Document.from_text(text).sentences] == text.split("\n")


def test_a_line_of_white_space_may_stand_before_a_label():
    assert speakers(DEBATE.replace("\n\n", "\n   \n")) == ["Ana Belmar", "Piet Azar"] * 2


# ── the table of forms ───────────────────────────────────────────────────────────────────────────


def debate(language: str, first: str, second: str) -> str:
    """Return a transcript of four turns in which two labels alternate."""
    speeches = BY_LANGUAGE[language]
    return "\n\n".join(map("".join, zip((first, second, first, second), speeches, strict=True)))


def by_speech(text: str) -> list[tuple[str, str]]:
    """Return who speaks each sentence, by name or else by label, and its words; without lines that are only a label."""
    document = Document.from_text(text)
    spoken = [(s.turn, document.spoken(s)) for s in document.sentences]
    return [(turn.speaker or turn.label if turn else "", words) for turn, words in spoken if words]


def test_the_table_has_at_least_sixty_forms_in_six_languages():
    assert len(FORMS) >= 60
    assert {form[0] for form in FORMS} == set(BY_LANGUAGE)


@each_form
def test_each_form_of_a_label_says_who_speaks_in_each_sentence(form):
    language, first, second, one, other = form
    first_speech, second_speech, third_speech, fourth_speech = BY_LANGUAGE[language]
    assert by_speech(debate(language, first, second)) == [
        (one, first_speech),
        *((other, words) for words in sentences(second_speech)),
        (one, third_speech),
        *((other, words) for words in sentences(fourth_speech)),
    ]


def sentences(speech: str) -> list[str]:
    first, rest = speech.split(". ")
    return [f"{first}.", rest]


@each_form
@pytest.mark.parametrize("cited", [(), (3, 4, 5, 6)])
def test_nobody_is_credited_with_the_words_of_another_turn(form, cited):
    language, first, second, one, other = form
    text, words = debate(language, first, second), sentences(BY_LANGUAGE[language][3])[1]
    claims = [
        {"text": words, "words": words, "by": [who], "sentences": list(cited)} for who in (other, one, "Nora Quade")
    ]
    right, *wrong = check(claims, text)
    assert all(verdict.verdict != "supported" for verdict in wrong)
    asks_or_answers = any(turn.asks or turn.answers for turn in turns(text))
    assert asks_or_answers or right.verdict == "supported"


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["Ana Belmar: We pay. [Applause.] We also build."], ["Ana Belmar", "", "Ana Belmar"]),
        (["Ana Belmar: We pay. (Laughter) We also build."], ["Ana Belmar", "", "Ana Belmar"]),
        (["Ana Belmar: We pay.", "[Interruption]", "We also build."], ["Ana Belmar", "", "Ana Belmar"]),
        (["Ana Belmar: We pay.", "(Piet Azar left the room.)"], ["Ana Belmar", ""]),
        (["Ana Belmar: We pay. (I should add: not today.)"], ["Ana Belmar", "Ana Belmar"]),
        (["Ana Belmar (laughing): We pay."], ["Ana Belmar"]),
        (["Hon. Members: Hear, hear!"], ["Hon. Members"]),
        (["An hon. Member: Shame!"], ["An hon. Member"]),
        (["Several hon. Members: Oh!"], ["Several hon. Members"]),
        (["Ana Belmar: We pay. (Piet Azar [PI]: Never!) We build."], ["Ana Belmar", "Piet Azar", "Ana Belmar"]),
        (["Ana Belmar: We pay.", "(Applause – Hugh Marden [LI]: Never! – Laughter)", "We build."],
         ["Ana Belmar", "", "Hugh Marden", "", "Ana Belmar"]),
        (["Voice from the hall: Never!"], ["Voice from the hall"]),
        (["Zwischenruf aus dem Saal: Never!"], ["Zwischenruf aus dem Saal"]),
        (["Голос из зала: Never!"], ["Голос из зала"]),
        (["Ana Belmar: We pay. (Voices from the gallery: Never!)"], ["Ana Belmar", "Voices from the gallery"]),
    ],
)  # fmt: skip
def test_interjections_are_their_own_and_stage_directions_are_nobodys(lines, speakers):
    text = "\n\n".join([DEBATE, *lines])
    assert [who for who, _ in by_speech(text)][4:] == speakers


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["Ana Belmar: We pay—[Interruption.]"], ["Ana Belmar", ""]),
        (["Le très illustre Belmar (PI): We pay."], ["Le très illustre Belmar (PI)"]),
        (["Oldest member (by age): We pay."], ["Oldest member (by age)"]),
        ([">> We pay."], [""]),
        (["Ana Belmar: We pay.", "Motion agreed to.", "Piet Azar: We build."], ["Ana Belmar", "", "Piet Azar"]),
        (["Ana Belmar: We pay.", "The Clerk read as follows:", "A bill on ports"], ["Ana Belmar", "", ""]),
        (["Ana Belmar: We pay. The Clerk read it. Moved by pity, we build."], ["Ana Belmar"] * 3),
        ([">> HUGH MARDEN: We pay.", ">> Yes."], ["Hugh Marden", ""]),
        (["Ana Belmar: We will--- Mr. Marden: Order!"], ["Ana Belmar", "Marden"]),
        (["Ana Belmar: We will— The Deputy Chair: Order!"], ["Ana Belmar", "The Deputy Chair"]),
        (["Ana Belmar: We pay. MR. MARDEN: We build."], ["Ana Belmar", "Marden"]),
        (["Ana Belmar: We pay. Page 12 MR. SPEAKER.- Order!"], ["Ana Belmar", "Ana Belmar", "MR. SPEAKER"]),
        (["Ana Belmar: We pay. I thank Mr. Marden: he knows."], ["Ana Belmar"] * 2),
        (["Ana Belmar: We have—I say it again: we have—the money."], ["Ana Belmar"]),
        (["Ana Belmar: Three of us--- and I mean Hugh: no--- agreed."], ["Ana Belmar"]),
    ],
)
def test_no_words_after_a_change_of_speaker_are_those_of_the_one_before(lines, speakers):
    text = "\n\n".join([DEBATE, *lines])
    assert [who for who, _ in by_speech(text)][4:] == speakers


def test_datelines_and_stage_directions_in_brackets_are_no_labels():
    lines = ["ARLEN - We met.", "MARLOW - Will you sign?", "ARLEN - I shall.", "MARLOW - You may."]
    assert speakers("\n\n".join(lines)) == []
    shouted = [f"{label} {words}" for label, words in zip(["[Applause]", "[Laughter]"] * 2, SPEECHES, strict=True)]
    assert speakers("\n\n".join(shouted)) == []


def test_a_line_that_goes_on_with_a_sentence_begins_no_turn():
    words = (
        "We keep the night ferries on the principles on which the Port Board of Marlow\n"
        "founded: low fares and safe boats for all islands, and we keep them together\n"
        "Mr. Quill. Nobody will be left behind on the quay in the winter of this year."
    )
    text = f"Mr. BELMAR. {words}\n\n" + "\n\n".join(f"Mr. {who}. I thank you." for who in ("AZAR", "BELMAR", "AZAR"))
    assert speakers(text) == ["Belmar", "Azar", "Belmar", "Azar"]


@pytest.mark.parametrize(
    ("language", "thanks"),
    [("de", "Vielen Dank. –"), ("de", "Ja. –"), ("de", "Herzlichen Dank, Herr Präsident. –"), ("fr", "Merci. –"),
     ("es", "Muchas gracias. –"), ("it", "Grazie. –"), ("pt", "Muito obrigada. –"), ("en", "Thank you. –")],
)  # fmt: skip
def test_thanks_before_a_dash_are_no_label(language, thanks):
    one, other, *_ = BY_LANGUAGE[language]
    text = "\n\n".join(f"{who}: {thanks} {words}" for who, words in (("Ana Belmar", one), ("Piet Azar", other)) * 2)
    text += "".join(f"\n\n{thanks} {words}" for words in BY_LANGUAGE[language] * 2)
    assert set(speakers(text)) == {"Ana Belmar", "Piet Azar"}


def test_a_tag_is_no_label():
    lines = [*DEBATE.split("\n\n"), "Who speaks? We do.", "Heckler: We build."]
    text = "<Head>FARES</Head> " + "\n".join(f"<Speech> {line} </SPEECH> <Speech>{line}</SPEECH>" for line in lines)
    found = [turn.speaker or turn.label for turn in turns(text)]
    assert found == ["Ana Belmar", "Ana Belmar", "Piet Azar", "Piet Azar"] * 2 + ["Heckler"] * 2
    assert {who for who, words in by_speech(text) if "Who speaks" in words} == {""}


def test_a_motion_of_a_member_and_a_common_noun_are_no_labels_of_a_german_record():
    contents = "Antrag der Abgeordneten Dr. Johanna Erle, Peter Quilling: 12 A\n\n" * 2 + "Der Beginn.\n\nBeginn: 9 Uhr"
    speeches = "\n\n".join(
        map("".join, zip(("Johanna Erle: ", "Peter Quilling: ") * 2, BY_LANGUAGE["de"], strict=True))
    )
    assert speakers(f"{contents}\n\n{speeches}") == ["Johanna Erle", "Peter Quilling"] * 2


def test_interjections_in_a_german_record_stand_between_dashes_in_brackets():
    text = (
        "Präsidentin Johanna Erle: Ich rufe den Punkt auf.\n\nPeter Quilling (SPD): Wir werden zahlen. "
        "(Beifall bei der SPD – Hugo Marden [FDP]: Wir werden klagen! – Zuruf von der FDP: Hört, hört!)\n\n"
        "Wir werden bauen.\n\n"
        "Präsidentin Johanna Erle: Ich danke Ihnen.\n\nPeter Quilling (SPD): Ich danke Ihnen auch."
    )
    assert [who for who, _ in by_speech(text)] == [
        "Johanna Erle", "Peter Quilling", "", "Hugo Marden", "Zuruf von der FDP", "Peter Quilling",
        "Johanna Erle", "Peter Quilling",
    ]  # fmt: skip
    claims = [{"text": "klagen", "words": "Wir werden klagen!", "by": [by]} for by in ("Hugo Marden", "Peter Quilling")]
    assert [verdict.verdict for verdict in check(claims, text)] == ["supported", "refuted"]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh", "记者：请问渡轮报告何时公布？", "林海：我们将在夏天之前公布报告。"),
        ("ja", "記者：渡し船の報告書はいつ公表されますか。", "林海：夏までに報告書を公表します。"),
        ("ar", "الصحفي: متى ستنشرون التقرير عن العبارات؟", "سالم النوري: سننشر التقرير قبل الصيف."),
        ("ru", "Вопрос: Когда вы опубликуете доклад о паромах?", "Анна Белова: Мы опубликуем доклад до лета."),
    ],
)
def test_labels_in_other_scripts_begin_turns(language, first, second):
    labels = [line.replace("：", ": ").split(": ")[0] for line in (first, second)]
    text = "\n\n".join((first, second) * 2)
    assert Document.from_text(text).language == language
    assert [turn.speaker or turn.label for turn in turns(text)] == labels * 2


# ── parties by label ─────────────────────────────────────────────────────────────────────────────


def test_an_unknown_speaker_is_a_party_by_the_label():
    found = extract_by_rules(Document.from_text(f"{DEBATE}\n\nSpeaker 3: We will halve the fares.")).commitments
    assert [item.by for item in found] == [["Ana Belmar"], ["Speaker 3"]]
    by_label, by_other = check(
        [
            {"text": "halve the fares", "words": "We will halve the fares.", "by": [by]}
            for by in ("Speaker 3", "Speaker 2")
        ],
        f"{DEBATE}\n\nSpeaker 3: We will halve the fares.",
    )
    assert (by_label.verdict, by_other.verdict) == ("supported", "not_enough_info")


def test_an_unknown_speaker_in_lower_case_is_a_party_of_the_summary():
    commitment = {"by": ["heckler"], "to": [], "action": "halve the fares", "status": "pledged"}
    commitment |= {
        "condition": None,
        "deadline": None,
        "said_by": None,
        "words": "We will halve the fares.",
        "sentences": [5],
    }
    answer = {"headline": "", "overview": "", "parties": [], "commitments": [commitment], "reactions": [], "risks": []}
    summary = summarise(f"{DEBATE}\n\nheckler: We will halve the fares.", model=FakeModel(answer), prompt="brief")
    (item,) = summary.commitments
    assert [summary.name(party) for party in item.by] == ["heckler"]
    assert item.verdict == "supported"


# ── labels that occur only once ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("Hugh Marden:", "Hugh Marden"),
        ("Hugh Marden, minister:", "Hugh Marden"),
        ("Mr. Marden:", "Marden"),
        ("Alder:", ""),
        ("SPEAKER 3:", ""),
        ("moderator:", ""),
        ("heckler:", ""),
        ("Angry Heckler:", ""),
        ("Unidentified speaker:", ""),
        ("A member of the public:", ""),
        ("THE CHAIR:", ""),
        ("QUESTION:", ""),
        ("Q:", ""),
    ],
)
def test_a_label_that_occurs_once_begins_a_turn(label, speaker):
    found = turns(f"{DEBATE}\n\n{label} We will halve the fares.\n\nAna Belmar: Thank you.")
    assert [turn.speaker for turn in found[-2:]] == [speaker, "Ana Belmar"]
    assert f"{found[-2].label}:" == label


def test_one_word_that_occurs_once_is_the_speaker_if_the_text_has_the_name_elsewhere():
    text = f"{DEBATE} I thank Jane Alder.\n\nAlder: We will halve the fares."
    assert speakers(text)[-1] == "Alder"


def test_a_name_once_on_a_line_of_its_own_may_be_a_heading():
    once = ("Night Ferries", "Sir Hugh Marden (Eastcliff) (Con)")
    assert speakers(transcript(*("Ana Belmar", "Piet Azar") * 2, *once, after="\n\n"))[-2:] == ["", "Hugh Marden"]


def test_we_of_an_unknown_speaker_is_not_the_speaker_before():
    found = extract_by_rules(Document.from_text(f"{DEBATE}\n\nheckler: We will halve the fares.")).commitments
    assert [item.by for item in found] == [["Ana Belmar"], ["heckler"]]


# ── what is no label ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "paragraph",
    [
        "Note: the review is late.",
        "However: we will pay.",
        "The plan: we build a port.",
        "Look: we will pay.",
        "Question: who pays? We do.",
        "Under the agreement:\n- we pay\n- you build",
        "Harbour Works:\n- a quay\n- a crane",
        "Next Steps: we publish.",
        "Night Ferries: we keep them. The night ferries are safe.",
        "He said: “We will pay.”",
        "The minister said: we pay.",
        "The chair of the Harbour Board told me: pay.",
        "Ana Belmar said: “No.”",
        "My answer to the minister: no.",
        "Mr. Azar, let me be clear: we will pay.",
        "Mr. Speaker, let me be clear: we will pay.",
        "First, the good news: fares fall.",
        "Here’s Ana Belmar: she knows.",
        "Dear Minister: we ask you.",
        "Marlow, 12 March: we met.",
        "Step 1: we close the port.",
        "Monday: we meet.",
        "[00:12:03] Then we left.",
        "12:30 We left.",
        "12:30: We left.",
        "3: we left.",
        "A lot of people ask us.",
        "Opening Remarks",
        "[Loud Applause]",
    ],
)
def test_words_before_a_colon_or_on_a_line_of_their_own_are_seldom_a_label(paragraph):
    assert speakers(f"{DEBATE}\n\n{paragraph}") == ["Ana Belmar", "Piet Azar"] * 2


@pytest.mark.parametrize(
    "text",
    [
        transcript(*("Claim:", "Verdict:") * 3),
        transcript(*("Policy Response:", "Main Risks:") * 2),
        transcript(*("Country:", "Funding:") * 2),
        transcript(*("Monday:", "Tuesday:") * 2),
        transcript(*("The minister said:", "The mayor said:") * 2),
        transcript(*("Why it matters:", "The big picture:") * 2),
        transcript("Article 1:", "Article 2:", "Article 1:", "Article 2:"),
        transcript("10:00:", "11:00:", "10:00:", "11:00:"),
        transcript("[00:01]", "[00:02]", "[00:03]", "[00:04]"),
        transcript("A minister:", "Nobody:", "Everything:", "A mayor:"),
        "Labour: The party won in Marlow.\n\nReform: The party lost.\n\nLabour: The party lost.\n\nReform: It won.",
        "Fiscal Policy\n\nRates fell.\n\nMonetary Policy\n\nGrowth fell.\n\n" * 3,
        "Ana Belmar\n\nPiet Azar\n\nNora Quill\n\nAna Belmar\n\nPiet Azar\n\nNora Quill\n\nWe sign.",
        "From: Ana Belmar\nTo: Piet Azar\nSubject: Fares\n\nWe pay.\n\n" * 2,
        "A minister resigned. We know why.\n\nA judge ruled. You lost.\n\nA ferry sank.\n\nA mayor wept.",
        "Photo: Ana Belmar\n\nPhoto: Piet Azar\n\nPhoto: We sign\n\nPhoto: You sign",
    ],
)
def test_a_text_with_few_labels_or_with_headings_is_no_transcript(text):
    assert turns(text) == []


@pytest.mark.parametrize(
    "paragraph",
    [
        "At 10:30: we met the minister.",
        "10:30: we met the minister.",
        "Note: we have changed a figure.",
        "Correction: we gave a wrong figure.",
        "The parties agreed: we shall pay.",
        "The parties agreed:\n- we pay\n- you build",
        "https://www.example.org: we link to it.",
        "John 3:16 We know the verse.",
        "Psalm 23:4: We know the verse.",
        "Re: we answer your letter.",
        "Subject: We pay.",
        "Marlow Sound: the ferries sail.",
        "PS: we pay.",
        "MARLOW SOUND: Ferries sail again.",
    ],
)
def test_an_article_with_a_colon_at_the_beginning_of_a_line_has_no_turns(paragraph):
    article = "The Harbour Board met on Monday.\n\n{}\n\nThe board will meet again. We shall report."
    assert turns(article.format(paragraph)) == []


@pytest.mark.parametrize(
    "labels",
    [
        ("Ana Belmar:", "Piet Azar:"),
        ("Ana Belmar:", "Piet Azar:", "Ana Belmar:"),
        ("Ana Belmar, minister:", "Heckler:", "Hugh Marden (Con):"),
        ("Ana Belmar:", "Piet Azar:", "Nora Quill:", "Hugh Marden:", "Jane Alder:"),
    ],
)
def test_in_a_text_with_few_labels_each_labelled_paragraph_is_a_turn(labels):
    text = f"The chamber met.\n\n{transcript(*labels)}\n\nThe chamber rose. We report again."
    names = [name_in_label(label.strip(":")) or label.strip(":") for label in labels]
    assert [turn.speaker or turn.label for turn in turns(text)] == names
    assert [who for who, _ in by_speech(text)][-2:] == ["", ""]


@pytest.mark.parametrize(
    "before", ["Piet Azar: We will publish the review.", "Mr Azar said: We will publish the review."]
)
def test_words_after_the_label_of_another_are_not_credited_to_the_one_before(before):
    text = f"{before}\n\nHeckler: We will halve the fares."
    words = "We will halve the fares."
    claims = [{"text": "halve the fares", "words": words, "by": ["Piet Azar"]}, "Azar will halve the fares."]
    assert all(verdict.verdict != "supported" for verdict in check(claims, text))


def test_a_claim_alone_does_not_take_the_words_of_one_speaker_for_those_of_another():
    text = f"{DEBATE}\n\nAna Belmar: We will halve the fares.\n\nPiet Azar: Will you build a port? I welcome the fares."
    right, wrong, asked = check(
        ["Ana Belmar will halve the fares.", "Piet Azar will halve the fares.", "Piet Azar will build a port."], text
    )
    assert right.verdict == "supported"
    assert (wrong.verdict, asked.verdict) == ("not_enough_info", "not_enough_info")


def test_a_long_text_is_searched_in_linear_time():
    for text in (
        "*" * 300_000,
        "Ana Belmar" + " " * 300_000,
        "Ana, " * 60_000,
        "Ana " * 80_000,
        "A" * 300_000,
        ". MR. " * 30_000,
    ):
        assert turns(f"{text}\nEnd.") == []


# ── the name in a label ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Hugh Marden, minister", "Hugh Marden"),
        ("Hugh Marden MP", "Hugh Marden"),
        ("Hugh Marden -- Chief Executive", "Hugh Marden"),
        ("Hugh Marden (Ostrand South) (Con)", "Hugh Marden"),
        ("The Secretary of State for Transport (Hugh Marden)", "Hugh Marden"),
        ("The Secretary of State (Ostrand)", ""),
        ("The Minister for Ports (Dr. Marden)", "Marden"),
        ("The Chair (Mr. Hugh Marden (Ostrand—South, PI))", "Hugh Marden"),
        ("Hugh Marden [Ostrand [South]] [PI]", "Hugh Marden"),
        ("L’hon. Hugh Marden", "Hugh Marden"),
        ("Reporter (Marlow Post)", ""),
        ("Secretary of State Ana Belmar", "Ana Belmar"),
        ("Marlow Mayor Ana Belmar", "Ana Belmar"),
        ("Präsidentin Dr. Ana Belmar (SPD)", "Ana Belmar"),
        ("[00:12:03] Ana Belmar", "Ana Belmar"),
        ("Ana Belmar (9:05 a.m.)", "Ana Belmar"),
        ("**Ana Belmar", "Ana Belmar"),
        ("MS. JEAN-AZAR", "Jean-Azar"),
        ("VICE PRESIDENT AZAR", "Azar"),
        ("O’NEILL", "O’Neill"),
        ("J. R. Quill", "J. R. Quill"),
        ("MR. KING", "King"),
        ("Nora King", "Nora King"),
        ("President von der Alder", "von der Alder"),
        ("THE PRESIDENT", ""),
        ("Leader of the Opposition", ""),
        ("Mr Speaker", ""),
        ("SPEAKER 1", ""),
        ("Speaker A", ""),
        ("SENIOR ADMINISTRATION OFFICIAL", ""),
        ("moderator", ""),
        ("AB", ""),
        ("Q", ""),
        ("", ""),
    ],
)
def test_the_name_in_a_label_has_no_title_no_office_and_no_time(label, name):
    assert name_in_label(label) == name


def test_words_that_recur_before_lists_and_titles_are_no_speaker():
    text = DEBATE + "".join(f"\n\nReferral:\nCommittee on Ports {n}\n\nAna Belmar: We go on." for n in range(4))
    labels = {turn.label for turn in Document.from_text(text).turns}
    assert labels == {"Ana Belmar", "Piet Azar"}


def test_a_field_of_a_leaflet_is_no_speaker_in_a_language_without_subjects():
    text = "Certificación: Universidad de Marlow\n\nCréditos Náuticos: 19\n\nEl curso dura un mes y medio."
    assert Document.from_text(text).turns == ()


def test_a_label_inside_an_interjection_begins_no_turn_after_it():
    text = DEBATE + "\n\nAna Belmar: We pay.\n\n(Voices: Shame! — Sir Hugh Marden: Never!)\n\nWe pay all of it."
    document = Document.from_text(text)
    assert document.sentences[-1].turn and document.sentences[-1].turn.speaker == "Ana Belmar"


# ── labels before a dash, and initials ───────────────────────────────────────────────────────────


def dialogue(intro: str, first: str, second: str) -> str:
    """Return a text with an introduction and four turns in which two labels alternate."""
    return f"{intro}\n\n{transcript(first, second, first, second)}"


@pytest.mark.parametrize("dash", ["—", "–", "-"])
def test_a_surname_in_capitals_before_a_dash_is_a_label_if_the_text_has_the_full_name(dash):
    labels = f"KOST {dash}", f"ALDER {dash}"
    assert speakers(dialogue("We met Maria Kost in Marlow.", *labels)) == ["Kost", "Alder"] * 2
    assert speakers(dialogue("We met in Marlow.", *labels)) == []


@pytest.mark.parametrize(
    "text",
    [
        transcript(*("GENEVA —", "LONDON (Agency) —") * 2),
        transcript("GENEVA —", "NEW YORK —", "SAN MARINO —", "PARIS —"),
        transcript(*("Pros —", "Cons —") * 2),
        transcript(*("Yes —", "No —") * 2),
        transcript(*("The fares —", "The ferries —") * 2),
        transcript(*("Monday —", "Tuesday —") * 2),
        transcript(*("Fare policy —", "Ferry policy —") * 2),
        transcript(*("— ", "— Marie, dit-il, — ") * 2),
        transcript(*("PS:", "NB:") * 2),
        transcript(*("Re:", "RE:") * 2),
        transcript(*("UK:", "US:") * 2),
    ],
)
def test_datelines_headings_and_abbreviations_are_no_labels(text):
    assert turns(text) == []


@pytest.mark.parametrize(
    "text",
    [
        transcript(*("Lunch 12:30", "Tea 16:00") * 2, after="\n"),
        transcript(*("Updated 12 March 2025 14:02", "Marlow, 12 March 2025 14:03") * 2, after="\n"),
        transcript(*("From Marlow to Everyone:", "To Everyone:") * 2),
        transcript(*("12:03 From Marlow", "12:04 From Arlen") * 2),
        transcript(*("Question of trust:", "Question of fares:") * 2),
    ],
)
def test_times_and_words_to_everyone_make_no_chat(text):
    assert turns(text) == []


@pytest.mark.parametrize("words", ["Q1 Net Revenue: we grew.", "Q - Madam Secretary: no.", "Thanks to all: we pay."])
def test_words_that_look_like_the_label_of_a_chat_stay_within_a_speech(words):
    assert speakers(f"{DEBATE}\n\n{words}") == ["Ana Belmar", "Piet Azar"] * 2


def test_an_unknown_number_that_writes_once_in_a_chat_is_nobody_else():
    labels = ("12/03/2025, 14:02 - Ana Belmar:", "12/03/2025, 14:03 - Piet Azar:") * 2
    last = turns(transcript(*labels, "12/03/2025, 14:04 - +44 1632 960123:"))[-1]
    assert (last.label, last.speaker, last.party) == ("+44 1632 960123", "", "+44 1632 960123")


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("ja", "○議長（林海君）\u3000", "○田中花子君\u3000"),
        ("ja", "【記者】", "【林海】"),
        ("zh", "记者：", "林海（港务部长）："),
        ("zh", "【记者】", "【林海】"),
        ("ko", "▶기자: ", "◇ 김하늘> "),
        ("ko", "◯위원장 김하늘: ", "◯이바다 위원: "),
    ],
)
def test_marks_and_brackets_of_other_scripts_make_labels(language, first, second):
    _, _, one, other = DIALOGUES[language]
    text = "\n\n".join([first + one, second + other] * 2)
    names = [label.strip("○◯▶◇>【】：:\u3000 ") for label in (first, second)]
    assert [turn.speaker or turn.label for turn in turns(text)] == names * 2


@pytest.mark.parametrize(
    ("speech", "first", "second", "names"),
    [
        ("Wij zullen het rapport publiceren.", "De voorzitter: ", "De heer Azar (PI): ", ["De voorzitter", "Azar"]),
        ("Wij zullen het rapport publiceren.", "Mevrouw De Wit (PI): ", "De griffier: ", ["De Wit", "De griffier"]),
        ("Opublikujemy raport przed latem.", "Marszałek: ", "Poseł Piotr Azar: ", ["Marszałek", "Piotr Azar"]),
        ("Opublikujemy raport przed latem.", "Przewodnicząca Anna Lis: ", "Pytanie: ", ["Anna Lis", "Pytanie"]),
        ("Мы опубликуем доклад до лета.", "Истец: ", "Г-жа Белова: ", ["Истец", "Белова"]),
    ],
)
def test_labels_of_dutch_polish_and_russian_records_have_titles_and_roles(speech, first, second, names):
    found = turns("\n\n".join([first + speech, second + speech] * 2))
    assert [turn.speaker or turn.label for turn in found] == names * 2


def test_an_unknown_role_that_recurs_ends_the_turn_of_the_speaker_before():
    text = f"{DEBATE}\n\nThe harbour pilot: We pay.\n\nAna Belmar: We build.\n\nThe harbour pilot: We go."
    assert [who for who, _ in by_speech(text)][4:] == ["The harbour pilot", "Ana Belmar", "The harbour pilot"]


def test_many_phrases_before_a_colon_leave_a_text_a_transcript():
    lines = [f"The {word}: ferries sail." for word in ("north", "south", "east", "west", "coast", "shore")] * 2
    text = "\n\n".join(["Ana Belmar: Will you pay?", *lines, "Piet Azar: We pay.", *lines, DEBATE])
    assert {"Ana Belmar", "Piet Azar"} <= set(speakers(text))


def test_the_name_of_a_speaker_before_a_dash_begins_a_turn_among_labels_with_a_colon():
    text = f"{DEBATE}\n\nANA BELMAR — We will halve the fares.\n\nNight Ferries — We keep the night ferries."
    assert [who for who, _ in by_speech(text)][4:] == ["Ana Belmar"] * 2


@pytest.mark.parametrize(
    ("intro", "first", "second", "names"),
    [
        ("We met Joan Alder. Maria Kost asked.", "JA:", "MK:", ["Joan Alder", "Maria Kost"]),
        ("Interview with Joan Alder", "JA –", "MK –", ["Joan Alder", "MK"]),
        ("Interview with Joan Alder", "**JA:**", "Interviewer:", ["Joan Alder", "Interviewer"]),
        ("We met Joan Alder and Maria van Kost.", "J.A.:", "M.K.:", ["Joan Alder", "Maria van Kost"]),
        ("We met Joan Alder and Maria van Kost.", "J. A.:", "MvK:", ["Joan Alder", "Maria van Kost"]),
        ("We met Jean-Paul Alder and Joan B. Kost.", "J.-P. A.:", "JBK:", ["Jean-Paul Alder", "Joan B. Kost"]),
        ("Dr Joan Ada Belmar runs a port.", "JAB:", "LEE:", ["Joan Ada Belmar", "Lee"]),
        ("Joan Alder and James Arden met.", "JA:", "MK:", ["JA", "MK"]),
        ("Joan Alder (JA) and James Arden (JMA) met.", "JA:", "JMA:", ["Joan Alder", "James Arden"]),
        ("The Joint Authority and Marlow Knights met.", "JA:", "MF:", ["JA", "MF"]),
        ("Marlow Ferries keep every ferry.", "JA:", "MF:", ["JA", "MF"]),
        ("We met in Marlow.", "JDD:", "MK:", ["JDD", "MK"]),
    ],
)
def test_initials_are_those_of_the_one_person_named_before_and_else_of_an_unknown_speaker(intro, first, second, names):
    found = turns(dialogue(intro, first, second))
    assert [turn.speaker or turn.label for turn in found] == names * 2
    assert all(turn.party == (turn.speaker or turn.label) for turn in found)


def test_the_words_after_initials_are_credited_to_the_person_and_not_to_the_other_speaker():
    text = dialogue("We met Joan Alder. Maria Kost asked.", "JA:", "MK:")
    by = ["Joan Alder", "Maria Kost"]
    claims = [{"text": "a review", "words": SPEECHES[0], "by": [who]} for who in by]
    assert [verdict.verdict for verdict in check(claims, text)] == ["supported", "refuted"]


@pytest.mark.parametrize("words", ["PS: we pay.", "NB: we pay.", "Re: your letter.", "UK: we pay.", "GDP: a low GDP."])
def test_an_abbreviation_before_a_colon_stays_within_a_speech(words):
    assert speakers(f"{DEBATE}\n\n{words}") == ["Ana Belmar", "Piet Azar"] * 2


def test_initials_that_occur_once_begin_the_turn_of_an_unknown_speaker():
    last = turns(f"{DEBATE}\n\nMKT: We will halve the fares.")[-1]
    assert (last.label, last.speaker, last.party) == ("MKT", "", "MKT")


# ── headings of minutes ──────────────────────────────────────────────────────────────────────────

HEADINGS = {
    "zh": ("附注：", "备注:", "注：", "资料来源：", "出席者：", "【议题】", "会议时间："),
    "ja": ("日時：", "場所：", "１．議題：", "（注）", "出席者："),
    "ko": ("일시: ", "장소: ", "참석자: ", "○ 안건 : "),
    "ru": ("Присутствовали: ", "ПОВЕСТКА ДНЯ:\n", "Слушали: "),
    "fr": ("Présents : ", "**Absents excusés :** ", "ORDRE DU JOUR\n", "Secrétaire de séance : "),
    "de": ("Anwesend: ", "Tagesordnung:\n", "TOP 2: "),
    "es": ("Presentes: ", "Orden del día\n"),
    "it": ("Presenti: ", "Ordine del giorno: "),
    "pt": ("Ausentes: ", "Ordem do dia: "),
    "en": ("Members present: ", "Agenda:\n", "Apologies: "),
}
DIALOGUES = {language: ("Ana Belmar: ", "Piet Azar: ", *speeches[:2]) for language, speeches in BY_LANGUAGE.items()} | {
    "zh": ("记者：", "林海：", "请问渡轮报告何时公布？", "我们将在夏天之前公布报告。"),
    "ja": ("記者：", "林海：", "渡し船の報告書はいつ公表されますか。", "夏までに報告書を公表します。"),
    "ko": ("기자: ", "김하늘: ", "여객선 보고서는 언제 발표됩니까?", "여름 전에 보고서를 발표하겠습니다."),
    "ru": ("Анна Белова: ", "Пётр Азаров: ", "Когда вы опубликуете доклад?", "Мы опубликуем доклад о паромах до лета."),
}


@pytest.mark.parametrize(
    ("language", "heading"), [(language, heading) for language, all_ in HEADINGS.items() for heading in all_]
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_heading_of_minutes_and_what_follows_it_are_nobodys(language, heading, times):
    first, second, one, other = DIALOGUES[language]
    dialogue, section = f"{first}{one}\n\n{second}{other}", f"{heading}{other}\n\n{one}"
    document = Document.from_text("\n\n".join([dialogue, *[section, dialogue] * times]))
    at = document.text.index(section)
    assert not any(s.turn for s in document.sentences if at <= s.start < at + len(section))
    assert {turn.speaker or turn.label for turn in document.turns} == {first.strip(" ：:"), second.strip(" ：:")}


@pytest.mark.parametrize("words", ["Present company excepted: we pay.", "Our agenda: we build.", "The place: we met."])
def test_words_like_those_of_a_heading_stay_within_a_speech(words):
    assert [who for who, _ in by_speech(f"{DEBATE}\n\n{words}")][-1] == "Piet Azar"


def talk(first: str, second: str, third: str) -> str:
    """Return a talk of three speakers, of whom the third one speaks twice."""
    return "\n\n".join(
        (
            f"{first}We will publish the review by June.",
            f"{second}I welcome that.",
            f"{first}I am not going to rule anything out.",
            f"{third}We will halve the fares. I oppose the split.",
            f"{second}We support the night ferries.",
            f"{third}I am worried about the pier.",
        )
    )


def judged_by(text: str, who: str, cited: str = "halve the fares") -> str:
    document = Document.from_text(text)
    number = next(sentence.number for sentence in document.sentences if cited in sentence.text)
    actor = Actor(name=who, names=frozenset((who,)), person=True)
    claim = statement(cited, by=(actor,), sentences=(number,))
    return Grounder(document, everybody=[actor]).claim(claim).verdict


@pytest.mark.parametrize(
    "form",
    ["{}: ", "{} | ", "{} = ", "-- {} -- ", "* {} > ", "({}) ", "[{}] ", "<{}> ", "12:03 {} / ", "{}\n", "{}\t- "],
)
@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_words_after_a_name_that_begins_lines_are_not_those_of_another_whatever_mark_sets_it_apart(form, case):
    names = tuple(map(case, ("Peter Quill", "Jane Alder", "Hugh Marden")))
    text = talk(*map(form.format, names))
    assert [judged_by(text, who) for who in names[:2]].count("supported") == 0


def test_labels_in_lower_case_make_a_transcript_if_several_recur():
    document = Document.from_text(talk("peter quill: ", "jane alder: ", "hugh marden: "))
    labels = [sentence.turn.label for sentence in document.sentences if sentence.turn]
    assert labels == ["peter quill", "jane alder", "peter quill", *["hugh marden"] * 2, "jane alder", "hugh marden"]
    few = Document.from_text(talk("pros: ", "pros: ", "pros: "))
    assert few.turns == ()


@pytest.mark.parametrize(
    "label",
    [
        "2. LUC PECK (National) to the Minister of Housing: ",
        "12. Luc Peck (National—Port Hill) to the Associate Minister of Ports and Ferries: ",
        "2. Dr LUC PECK (Green) to the Prime Minister: ",
        "Luc Peck (National) to the Minister for Ports: ",
    ],
)
def test_a_question_to_a_minister_begins_a_turn(label):
    text = (
        "1. JANE ALDER (Labour) to the Minister of Ports: Does he stand by it?\n"
        "Hon PETER QUILL (Minister of Ports): I do, and we will order two ferries.\n"
        "Jane Alder: Will he rule out a sale?\nHon PETER QUILL: I rule nothing out.\n"
        f"{label}Will she build homes? We support new homes.\n"
        "Hon Mary Kerr (Minister of Housing): We will.\n"
    )
    speakers = [sentence.turn.speaker for sentence in Document.from_text(text).sentences if sentence.turn]
    assert speakers[-3:] == ["Luc Peck", "Luc Peck", "Mary Kerr"]
    assert speakers[0] == "Jane Alder"


@pytest.mark.parametrize(
    ("label", "speakers"),
    [
        ("Hugh Marden – ", ["", ""]),
        ("Hugh Marden — ", ["", ""]),
        ("HUGH MARDEN - ", ["", ""]),
        ("We thank you – ", ["Jane Alder", "Jane Alder"]),
        ("Ferries – ", ["Jane Alder", "Jane Alder"]),
    ],
)
def test_words_after_a_whole_name_before_a_dash_are_not_those_of_the_speaker_before(label, speakers):
    text = talk("Peter Quill: ", "Jane Alder: ", "Peter Quill: ") + f"\n\nJane Alder: We see.\n\n{label}We sail. I go."
    made = Document.from_text(text)
    assert [sentence.turn.speaker if sentence.turn else "" for sentence in made.sentences[-2:]] == speakers


@pytest.mark.parametrize(
    ("chair", "first", "second", "names"),
    [
        (
            "PRESIDENTE. ",
            "ANNA BELMARE, Ministra dei Trasporti. ",
            "PIETRO QUILLI (LI). ",
            ("Anna Belmare", "Pietro Quilli"),
        ),
        ("PRESIDENTE. ", "ANNA BELMARE (PI-IDP). ", "PIETRO QUILLI, relatore. ", ("Anna Belmare", "Pietro Quilli")),
        ("PRESIDENTE. ", "BELMARE (PI). ", "QUILLI (LI). ", None),  # one word may be a heading
        ("CONCLUSIONI. ", "Anna Belmare (PI). ", "Pietro Quilli (LI). ", None),
    ],
)
def test_an_excerpt_of_a_record_may_have_one_speech_of_each_member(chair, first, second, names):
    text = (
        f"{chair}Ha facoltà di parlare la Ministra.\n\n{first}Non venderemo il porto.\n\n"
        f"{chair}Ha facoltà di replicare il deputato.\n\n{second}Voteremo contro il bilancio delle isole.\n"
    )
    speakers = tuple(sentence.turn.speaker for sentence in Document.from_text(text).sentences if sentence.turn)
    assert speakers == (("", names[0], "", names[1]) if names else ())
