"""Texts of many commitments by many persons, with the answer of a model that finds each of them."""

import json
import random
import re
from collections.abc import Iterator, Sequence

from summariser import Summary, summarise
from summariser.testing import FakeModel
from tests.benchmarks.measuring import Row, seconds

_SYLLABLES = "ar bel cor dan el fen gor hal is jor kal lor mar nov or pel quin ros sor tav ul var wen yor zan".split()
_BODIES = ("Rail Union", "Port Authority", "Water Board", "Foundation", "Dockers' League", "Ministry of Roads")
_ACTS = ("build", "close", "repair", "sell", "plant", "fund", "open", "inspect", "clear", "light")
_THINGS = ("mills", "bridges", "schools", "wells", "ferries", "orchards", "tunnels", "piers", "kilns", "towers")
_FORMS = (  # how a commitment is told; the last three name nobody who acts
    "{by} promised {town} to {act} by {year}.",
    "{by} said on Monday that he will {act} by {year}.",
    "She also promised {town} to {act} by {year}.",
    "The union said that it will {act} by {year}.",
    "In {town} officials said they will {act} by {year}.",
)
_TOLD = re.compile(
    r"\[(?P<number>\d+)\] (?P<who>.*?) (?P<how>said|promised) .*?(?:will|to) (?P<action>.*?) by (?P<deadline>\d+)\."
)
_NAMED = re.compile(r"(?P<name>\w+ \w+)(?: of the (?P<body>.+))?$")
_SIZES = ((100, 50), (390, 100), (2000, 400))  # commitments, persons
_PASSAGE = 8000  # tokens of the text in one request, whose answer has then fewer items than a list may have


def report(commitments: int, persons: int) -> str:
    """Return a text in which each sentence is a commitment of one of the persons, always the same one."""
    drawn = random.Random(7)
    people = _people(persons)
    sentences = [_sentence(drawn, *people[number % persons], first=number < persons) for number in range(commitments)]
    paragraphs = [" ".join(sentences[start : start + 4]) for start in range(0, commitments, 4)]
    return "\n\n".join(["Promises of the spring", *paragraphs])


def _people(count: int) -> list[tuple[str, str]]:
    """Return the names of persons, some with the surname of another one, and of the bodies to which they belong."""
    drawn = random.Random(count)
    surnames = list(dict.fromkeys(_word(drawn) for _ in range(count)))
    names = dict.fromkeys(f"{_word(drawn)} {drawn.choice(surnames)}" for _ in range(2 * count))
    bodies = list(dict.fromkeys(f"{_word(drawn)} {drawn.choice(_BODIES)}" for _ in range(1 + count // 4)))
    return [(name, drawn.choice(bodies)) for name in list(names)[:count]]


def _word(drawn: random.Random) -> str:
    return "".join(drawn.choices(_SYLLABLES, k=3)).capitalize()


def _sentence(drawn: random.Random, name: str, body: str, *, first: bool) -> str:
    act = f"{drawn.choice(_ACTS)} {drawn.randint(2, 900)} {drawn.choice(_THINGS)} near {_word(drawn)}"
    form = _FORMS[drawn.randrange(2 if first else len(_FORMS))]
    by = f"{name} of the {body}" if first else name
    return form.format(by=by, town=_word(drawn), act=act, year=drawn.randint(2030, 2039))


def model(**fields: object) -> FakeModel:
    """Return a model that finds every commitment of such a text, and the persons and bodies that it names."""
    return FakeModel(_answer, passage_tokens=_PASSAGE, **fields)


def _answer(wire: dict[str, object]) -> dict[str, object]:
    told = [match.groupdict() for match in _TOLD.finditer(_text_of(wire))]
    parties: dict[str, dict[str, object]] = {}
    commitments, last = [], ""
    for each in told:
        sentence = int(each["number"])
        if named := _NAMED.match(each["who"]):
            last, body = named["name"], named["body"]
            parties.setdefault(last, _party(last, "person", sentence, body))
            parties |= {body: _party(body, "organisation", sentence)} if body else {}
        commitments.append(_commitment(each, last, sentence))
    lists = {"parties": list(parties.values()), "commitments": commitments, "reactions": [], "risks": []}
    prose = dict.fromkeys(("headline", "overview"), "Promises of the spring")
    asked = json.dumps(wire["response_format"])
    return {name: value for name, value in {**lists, **prose}.items() if f'"{name}"' in asked}


def _text_of(wire: dict[str, object]) -> str:
    messages: Sequence[dict[str, str]] = wire["messages"]  # type: ignore[assignment]
    return messages[-1]["content"]


def _party(name: str, kind: str, sentence: int, affiliation: str | None = None) -> dict[str, object]:
    return {
        "name": name,
        "kind": kind,
        "aliases": [],
        "affiliation": affiliation,
        "role": "",
        "sentences": [sentence],
    }


def _commitment(told: dict[str, str], by: str, sentence: int) -> dict[str, object]:
    return {
        "by": [by],
        "to": [],
        "action": told["action"],
        "status": "planned" if told["how"] == "said" else "pledged",
        "condition": None,
        "deadline": f"by {told['deadline']}",
        "said_by": by,
        "sentences": [sentence],
        "words": told["action"],
    }


def summarised(commitments: int, persons: int) -> Summary:
    """Return the Summary of such a text."""
    return summarise(report(commitments, persons), model=model(), prompt="brief@3")


def measured() -> Iterator[Row]:
    """The seconds a hundred commitments, many of them by many persons against few."""
    paces: list[float] = []
    for commitments, persons in _SIZES:
        taken = seconds(lambda: summarised(commitments, persons))  # noqa: B023
        paces.append(100 * taken / commitments)
        few, some = _SIZES[0]
        what = f"{commitments:,} commitments by {persons} persons"
        yield Row(what, f"{few} by {some}", "s/100", paces[-1], paces[0])
