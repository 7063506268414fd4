"""Perturbations: each is wrong in its own field only, and an altered quotation never has a supported claim."""

from dataclasses import replace

import pytest

from summariser.documents import Document
from summariser.evals.check_rates import Trial
from summariser.evals.gate import _beyond_limits
from summariser.evals.gold import Case
from summariser.evals.perturbations import PERTURBATIONS, perturbed
from summariser.evals.run import Job, run
from summariser.evals.suite import CheckLimits, Suite
from summariser.linking import link
from summariser.schema import COMMITMENT, Draft, DraftCommitment, DraftParty
from tests.conftest import ROOT

TEXT = (
    "Arlen and Bocia met on Monday. Arlen promised Bocia that it would send 10 ships if the ice melts by 3 May. "
    "Dorland was not invited. Its minister left early. The talks go on. Nothing else was said of the harbour. "
    "A band played in the old square of the town. Children ate grilled fish beside the long wall."
)
DRAFT = Draft(
    parties=[DraftParty(name=name, kind="state") for name in ("Arlen", "Bocia", "Dorland")],
    commitments=[
        DraftCommitment(
            by=["Arlen"],
            to=["Bocia"],
            action="send 10 ships",
            status="pledged",
            condition="if the ice melts",
            deadline="by 3 May",
            sentences=[2],
            words="Arlen promised Bocia that it would send 10 ships",
        )
    ],
)
FIELDS = {
    "number": {"action"},
    "negation": {"action"},
    "actor": {"by"},
    "joined": {"by"},
    "flip": {"status"},
    "recipient": {"to"},
    "term": {"condition", "deadline"},
    "place": {"sentences", "words"},
    "added": {"action"},
    "quotation": {"words"},
}


@pytest.fixture(scope="module")
def suite() -> Suite:
    if not (ROOT / "evals").exists():
        pytest.skip("the suite is not part of the installed package")
    return Suite.load(ROOT / "evals")


def test_each_kind_alters_its_own_field_and_no_other():
    document = Document.from_text(TEXT)
    linked = link(DRAFT, document, completing=False)
    (item,) = linked.of(COMMITMENT)
    copies = list(perturbed(item, linked.parties, document))
    assert {name for name, _ in copies} == set(PERTURBATIONS) == set(FIELDS)
    before = item.draft.model_dump()
    for name, copy in copies:
        changed = {field for field, value in copy.model_dump().items() if value != before[field]}
        assert changed and changed <= FIELDS[name], name


def test_the_same_claim_is_altered_in_the_same_way_each_time():
    document = Document.from_text(TEXT)
    twice = [link(DRAFT, document, completing=False) for _ in range(2)]
    one, other = ([draft for _, draft in perturbed(each.of(COMMITMENT)[0], each.parties, document)] for each in twice)
    assert one == other


def test_another_party_of_the_cited_sentences_is_joined_to_those_that_act():
    linked = link(DRAFT, document := Document.from_text(TEXT), completing=False)
    (item,) = linked.of(COMMITMENT)
    draft = item.draft.model_copy(update={"to": [], "sentences": [1]})
    copies = dict(perturbed(replace(item, draft=draft, parties={**item.parties, "to": ()}), linked.parties, document))
    assert copies["joined"].by == ["Arlen", "Bocia"]


def test_limits_of_the_gate_are_of_added_facts_and_of_all_other_alterations():
    shares = {name: {"supported": 2, "not_enough_info": 8} for name in ("joined", "added")}
    failing = [each.message for each in _beyond_limits(shares, CheckLimits(altered_supported=0.1, added_supported=0.3))]
    assert failing == ["0.200 of the altered claims (joined) are supported; the limit in suite.toml is 0.100."]


def rates(suite: Suite, case: Case, prompt: str) -> dict[str, dict[str, int]]:
    job = Job(suite=suite, cases=(case,), prompt=suite.prompt(prompt), model="openai/claude", checks=True)
    return {name: dict(counts) for name, counts in run(job).record.cases[0].draws[0].checks.items()}


@pytest.mark.parametrize("prompt", ["brief@2", "brief@3"])
def test_no_claim_with_an_altered_quotation_is_supported(suite: Suite, prompt: str):
    tried = 0
    for case in suite.cases[:6]:
        found = rates(suite, case, prompt).get("quotation", {})
        tried += sum(found.values())
        assert "supported" not in found, case.id
    assert tried >= 40


def test_a_trial_gives_the_verdict_on_a_claim_as_it_is():
    document = Document.from_text(TEXT)
    trial = Trial(DRAFT, document, ())
    assert [trial.item(item).verdict for item in trial.linked.of(COMMITMENT)] == ["supported"]
