"""Transcripts: which texts are transcripts, where their turns begin, and who speaks."""

import pytest

from summariser.documents import Document, Turn
from summariser.extraction.rules.extract import extract_by_rules
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
    (found,) = extract_by_rules(Document.from_text(f"{DEBATE}\n\nheckler: We will halve the fares.")).commitments
    assert found.by == ["Ana Belmar"]
    assert "halve" not in found.action


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
        transcript("Ana Belmar:", "Piet Azar:", "Ana Belmar:"),
        transcript("Ana Belmar:", "Piet Azar:", "Nora Quill:", "Hugh Marden:", "Jane Alder:"),
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


def test_a_long_text_is_searched_in_linear_time():
    for text in ("*" * 300_000, "Ana Belmar" + " " * 300_000, "Ana, " * 60_000, "Ana " * 80_000, "A" * 300_000):
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
