"""Reading a sentence: who is named, what is quoted, who does what."""

import pytest

from summariser.documents.document import Document
from summariser.extraction.rules import Reading, readings

ELSEWHERE = " Nordheim said so. The talks with Orvel Gas and Ana Belmar ended. Veld spoke."


def read(text: str) -> Reading:
    """The first sentence, in a text that has the names once more where nothing begins."""
    return readings(Document.from_text(text + "\n\nThere was talk of Nordheim, of Veld and of Orvel Gas." + ELSEWHERE))[
        0
    ]


def named(text: str) -> list[str]:
    return [mention.name for mention in read(text).mentions if not mention.pronoun]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nordheim signed a treaty with Veld.", ["Nordheim", "Veld"]),
        ("Prime Minister Ana Belmar met the union.", ["Ana Belmar", "union"]),
        ("The Dockers’ and Carriers’ Union left.", ["Dockers’ and Carriers’ Union"]),
        ("On Monday the regional health agency closed a school.", ["regional health agency"]),
        ("The residents’ committee met.", ["residents’ committee"]),
        ("The Bank of Nordheim met.", ["Bank of Nordheim"]),
        ("Together they went home in March.", []),
        ("Russian poems were read by the Russian president.", ["Russian president"]),
        ("The US rebuked Veld.", ["US", "Veld"]),
    ],
)
def test_who_is_named(text: str, expected: list[str]):
    assert named(text) == expected


def subjects(text: str, cue: str, *, speech: bool = False) -> list[str]:
    reading = read(text)
    place = next(i for i, token in enumerate(reading.tokens) if token.norm == cue)
    return [mention.name for mention in reading.subjects(place, speech=speech)]


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("Nordheim and Veld signed a treaty.", "signed", ["Nordheim", "Veld"]),
        ("Nordheim, which borders Veld, signed a treaty.", "signed", ["Nordheim"]),
        ("A treaty was signed by Veld.", "signed", ["Veld"]),
        ("Its chairman, Colin Yelland, rejected the offer of Veld.", "rejected", ["Colin Yelland"]),
        ("Nordheim left, but Veld signed a treaty.", "signed", ["Veld"]),
        ("The residents of Nordheim signed a letter.", "signed", ["residents"]),
        ("On Monday he repeatedly promised a bridge.", "promised", ["he"]),
        ("Nordheim’s minister promised a bridge.", "promised", ["minister"]),
        ("The union representing 900 workers promised a bridge.", "promised", ["union"]),
        ("Ana Belmar, who had met 12,000 teachers at work, promised a bridge.", "promised", ["Ana Belmar"]),
        ("Ana Belmar told Veld they promised a bridge.", "promised", ["they"]),
    ],
)
def test_who_does_it(text: str, cue: str, expected: list[str]):
    assert subjects(text, cue) == expected


def test_whoever_speaks_may_stand_after_the_verb():
    text = "“We will pay,” said general secretary Ana Belmar."
    assert subjects(text, "said", speech=True) == ["Ana Belmar"]
    assert subjects("“We will pay,” Ana Belmar said on Monday.", "said", speech=True) == ["Ana Belmar"]


@pytest.mark.parametrize(
    "text",
    [
        "The offer of Veld was large.",  # a noun
        "It was a signed treaty.",  # a participle before its noun
        "The plans of Veld were old.",
        "UN sanctions against Veld were lifted.",  # a noun that is a verb elsewhere
    ],
)
def test_a_noun_or_participle_is_no_verb(text: str):
    lifted = [verb for verb in read(text).verbs if verb.sense.kind == "commitment" and verb.place < 5]
    assert lifted == []


def test_quotations_and_asides_are_known():
    reading = read("Nordheim, which said “we will”, left (it hopes) for Veld.")
    inside = [token.norm for place, token in enumerate(reading.tokens) if reading.quoted(place)]
    aside = [token.norm for place, token in enumerate(reading.tokens) if reading.aside(place)]
    assert inside == ["we", "will"]
    assert aside == ["which", "said", "we", "will", "it", "hopes"]


def test_what_a_person_is_said_to_be_is_known():
    reading = read("Energy Minister Ana Belmar met Colin Yelland, chairman of Orvel Gas, in Veld.")
    assert dict(reading.roles()) == {
        "Ana Belmar": frozenset({"energy", "minister"}),
        "Colin Yelland": frozenset({"chairman", "of", "orvel", "gas"}),
    }


def test_an_object_ends_where_its_noun_phrase_does():
    reading = read("Veld rejected the £15,000 as “a cheque to go away with”.")
    place = next(i for i, token in enumerate(reading.tokens) if token.norm == "rejected")
    assert reading.object(place + 1) == "the £15,000"


def test_a_text_of_an_unknown_language_has_no_verbs():
    reading = readings(
        Document.from_text("Rząd podpisał umowę z sąsiadem i obiecał zapłacić za most w przyszłym roku.")
    )[0]
    assert reading.verbs == []
