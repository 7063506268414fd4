"""Every rule of the checks has examples in its docstring, in which it is the rule that decides."""

import doctest
import inspect
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from summariser.documents import Document
from summariser.grounding import Actor, Claim, Field, Grounder
from summariser.grounding.checks import CHECKS, LEFT_OUT, Finding, FirstOf, findings_of
from summariser.linking.actor_kinds import guess_kind

Rule = Callable[..., Finding | None]
PARTIES = {"actor", "speaker", "recipient", "affected", "affiliation"}


def rules() -> list[Rule]:
    """Return each rule once."""
    found = [
        rule for check in CHECKS for rule in (check.rule.rules if isinstance(check.rule, FirstOf) else [check.rule])
    ]
    return list(dict.fromkeys([*found, *LEFT_OUT]))


class Examples:
    """The functions that examples call, with the names of the rules that decided in them."""

    def __init__(self) -> None:
        self.decided: list[set[str]] = []

    def says(self, source: str, *, cited: tuple[int, ...] = (), words: str = "", known: str = "", **fields: str) -> str:
        """Return what a source says of the last of a claim's fields, which are given by role.

        The last sentence of the source is cited unless others are. A ¶ stands for the end of a paragraph. Actors that
        the claim does not name are `known`, separated by commas: "Ana Belmar of Arlen, Bocia". The language is English
        unless a `language` is given. A semicolon stands between several parties of a field.
        """
        judgement = judged(source, cited, words, known, fields)
        field, finding = judgement.findings[-1]
        alike = [each for each in findings_of(judgement.context, field) if each.outcome == finding.outcome]
        self.decided.append({each.rule for each in (alike if finding.outcome == "stated" else alike[:1])})
        return shown(finding)

    def leaves_out(self, source: str, *, cited: tuple[int, ...] = (), words: str = "", **fields: str) -> str:
        """Return what a claim leaves out of its source."""
        omitted = judged(source, cited, words, "", fields).omitted
        assert omitted is not None
        self.decided.append({omitted.rule})
        return shown(omitted)


def shown(finding: Finding) -> str:
    return f"{finding.outcome}: {finding.reason}" if finding.reason else finding.outcome


def judged(source: str, cited: tuple[int, ...], words: str, known: str, fields: dict[str, str]):
    document = replace(Document.from_text(source.replace(" ¶ ", "\n\n")), language=fields.pop("language", "en"))
    everybody = {name: actor(name, belongs_to) for name, belongs_to in pairs(known)}
    named = (name for role, text in fields.items() if role in PARTIES for name in text.split("; "))
    everybody |= {name: actor(name) for name in named if name not in everybody}
    claim = Claim(
        fields=tuple(
            Field(role, role, text, tuple(everybody[n] for n in text.split("; ")) if role in PARTIES and text else ())
            for role, text in fields.items()
        ),
        sentences=cited or (len(document.sentences),),
        words=words,
        negated=fields.get("status") == "refused",
    )
    return Grounder(document, everybody=[each for name, each in everybody.items() if name]).claim(claim)


def pairs(known: str) -> list[tuple[str, str]]:
    return [(name, body) for each in filter(None, known.split(", ")) for name, _, body in [each.partition(" of ")]]


def actor(name: str, belongs_to: str = "") -> Actor:
    person = guess_kind(name, has_full_name=False) == "person"
    return Actor(name=name, names=frozenset({name}), person=person, belongs_to=belongs_to)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_a_rule_decides_in_its_examples(rule: Rule):
    functions = Examples()
    names = {"says": functions.says, "leaves_out": functions.leaves_out}
    tests = doctest.DocTestFinder(recurse=False).find(rule, rule.__name__, extraglobs=names)
    runner, report = doctest.DocTestRunner(verbose=False), []
    examples = sum(runner.run(test, out=report.append).attempted for test in tests)
    assert not runner.failures, "".join(report)
    assert 1 <= len(functions.decided) <= examples
    assert all(rule.__name__ in decided for decided in functions.decided), functions.decided


def test_rules_have_names_of_their_own():
    names = [rule.__name__ for rule in rules()]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_a_rule_has_one_to_three_examples_in_a_section_of_their_own(rule: Rule):
    text = inspect.getdoc(rule) or ""
    assert "\n\nExamples:\n    >>> " in text
    assert 1 <= len(re.findall(r"^    >>> (?:says|leaves_out)\(", text, re.M)) <= 3


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Arlen welcomed the port but not the mine.", "did not welcome it"),
        ("Kall was asked about the ship. “I’d hope that it doesn’t,” he said.", "hopes that the ship does not come"),
    ],
)
def test_a_negation_of_words_that_the_source_does_not_repeat_is_left_to_the_reader(source: str, text: str):
    _, finding = judged(source, (), "", "", {"text": text}).findings[-1]
    assert finding.outcome == "read"


def test_whoever_is_named_in_anothers_turn_by_parts_is_not_refuted_as_speaker():
    talk = "ANA BELMAR: So? ¶ JOAO PELL: What I can say is that, as the President told us, Arlen will pay."
    fields = {"text": "pay", "speaker": "President of Arlen"}
    _, finding = judged(talk, (), "", "Arlen, Joao Pell", fields).findings[-1]
    assert shown(finding) == "read: JOAO PELL is speaking there, and perhaps tells what President of Arlen says."


def test_a_number_that_the_cited_words_lack_is_told_with_those_that_they_have():
    source = "Arlen puts 2.3 million into that, from the 38."
    _, finding = judged(source, (), "", "", {"text": "put 3.2 million of the 38 into the port"}).findings[-1]
    assert shown(finding) == "read: The cited words have 2.3 million and 38, but no 3.2 million."
