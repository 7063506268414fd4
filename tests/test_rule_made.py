"""Every rule on what rules leave open in their items has examples in its docstring, in which it decides."""

import doctest
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from summariser.documents import Document
from summariser.extraction.rules import extract_by_rules
from summariser.grounding import Actor, Items
from summariser.grounding.rule_made import OPEN, RuleMade, RuleMadeItems
from summariser.linking import link
from summariser.schema import claims

KINDS = ("commitments", "reactions", "risks")
Rule = Callable[[RuleMade], Iterator[Any]]


def made_of(source: str) -> Iterator[RuleMade]:
    """Yield the items that rules read off a text, in which a ¶ stands for the end of a paragraph."""
    document = replace(Document.from_text(source.replace(" ¶ ", "\n\n")), language="en")
    linked = link(extract_by_rules(document), document, completing=True)
    names = {party.id: party.name for party in linked.parties}
    actors = {
        p.id: Actor(
            p.name, p.names, person=p.kind == "person", bare=p.bare, belongs_to=names.get(p.affiliation or "", "")
        )
        for p in linked.parties
    }
    items = RuleMadeItems(linked, document, actors, KINDS)
    for kind in claims():
        yield from (made for item in linked.of(kind) if (made := items.of(item)) is not None)


@pytest.mark.parametrize("rule", OPEN, ids=lambda rule: rule.__name__)
def test_a_rule_decides_in_its_examples(rule: Rule):
    def doubts(source: str) -> str:
        found = [(field, finding.reason) for made in made_of(source) for field, finding in rule(made)]
        return " ".join(f"{field}: {reason}" for field, reason in dict.fromkeys(found))

    tests = doctest.DocTestFinder(recurse=False).find(rule, rule.__name__, extraglobs={"doubts": doubts})
    runner, report = doctest.DocTestRunner(verbose=False), []
    examples = sum(runner.run(test, out=report.append).attempted for test in tests)
    assert not runner.failures, "".join(report)
    assert examples == sum(bool(example.want) for test in tests for example in test.examples) >= 1


def test_a_field_that_the_words_leave_open_keeps_an_item_from_being_supported():
    document = Document.from_text(
        "KALLPORT – Lume Bank promised Ana Belmar 40 crowns. Some boat owners will sue Kallport."
    )
    linked = link(extract_by_rules(document), document, completing=True)
    items = [item for kind in claims() for item in linked.of(kind)]
    by_rules, by_model = (Items(linked, document, kinds) for kinds in (KINDS, ()))
    assert [by_model.item(item).verdict for item in items][-1] == "supported"
    assert [by_rules.item(item).verdict for item in items][-1] == "not_enough_info"


def test_an_item_of_a_model_has_no_sentence_of_rules():
    document = Document.from_text("Some boat owners will sue Kallport.")
    linked = link(extract_by_rules(document), document)
    items = RuleMadeItems(linked, document, {}, ())
    assert [items.of(item) for kind in claims() for item in linked.of(kind)] == [None]
