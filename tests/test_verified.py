"""Verified means verified: over the whole suite, by a checker of its own, and on quotations altered by rules."""

import pytest

from summariser.evals.gold import Case
from summariser.evals.recordings import is_recorded
from summariser.evals.run import Job, run
from summariser.evals.suite import Suite
from summariser.grounding import Actor, Grounder, statement
from summariser.models.names import EMBEDDED
from tests.conftest import ROOT
from tests.independent import altered, complaints, faithful, negated_words

LARGE = "openai/claude"


@pytest.fixture(scope="module")
def suite() -> Suite:
    if not (ROOT / "evals").exists():
        pytest.skip("the suite is not part of the installed package")
    return Suite.load(ROOT / "evals")


@pytest.mark.parametrize(
    ("prompt", "model", "least"),
    [
        ("brief@1", EMBEDDED, 1),
        ("sections@1", EMBEDDED, 50),
        ("sections@3", EMBEDDED, 80),
        ("brief@2", LARGE, 200),
        ("brief@3", LARGE, 150),
    ],
)
def test_no_supported_item_lacks_its_negation_numbers_or_parties_in_the_cited_words(
    suite: Suite, prompt: str, model: str, least: int
):
    cases = tuple(case for case in suite.cases if is_recorded(suite.recordings, prompt, model, case.id))
    assert len(cases) >= 27
    record = run(Job(suite=suite, cases=cases, prompt=suite.prompt(prompt), model=model)).record
    documents = {case.id: case.document for case in suite.cases}
    supported = [
        i for case in record.cases for draw in case.draws if draw.summary for i in draw.summary.claims if i.verified
    ]
    assert len(supported) >= least
    found = [
        f"{case.case}, {complaint}"
        for case in record.cases
        for draw in case.draws
        if draw.summary
        for complaint in complaints(draw.summary, documents[case.case])
    ]
    assert found == []


def quotations(case: Case) -> list[str]:
    """The words of the gold's claims, each once, in an order that mixes the kinds."""
    items = [*case.gold.commitments, *case.gold.reactions, *case.gold.risks]
    return list(dict.fromkeys(item.words for item in items if len(item.words.split()) >= 4))


def test_altered_quotations_never_pass_and_faithful_ones_nearly_always(suite: Suite):
    """Altered by rules from the gold's own words: negation, number, name, weekday, object, order."""
    passed: list[tuple[str, str, str]] = []
    tried: dict[str, int] = {}
    refused: list[tuple[str, str]] = []
    variants = 0
    for case in suite.cases:
        grounder = Grounder(case.document)
        others = [party.name.split()[-1] for party in case.gold.parties if party.name[:1].isupper()]
        for words in quotations(case):
            for kind, quote in altered(words, others):
                if " ".join(quote.split()) in " ".join(case.document.text.split()):
                    continue  # the alteration happens to be what stands there
                tried[kind] = tried.get(kind, 0) + 1
                if grounder.quote(quote, ()).good:
                    passed.append((case.id, kind, quote))
            if (cut := grounder.quote(words, ())).difference is not None:
                assert cut.difference in ("condition", "negation", "hedge", "speaker"), (case.id, words, cut)
                continue  # the label's words leave out what changes their meaning: no faithful quotation
            for quote in faithful(words):
                variants += 1
                if not grounder.quote(quote, ()).good:
                    refused.append((case.id, quote))
    assert sum(tried.values()) >= 1000 and min(tried.values()) >= 10, tried
    assert passed == []
    assert variants >= 1000
    assert len(refused) <= variants / 100, refused[:10]


def test_the_checker_itself_finds_what_is_wrong(suite: Suite):
    """A verified item whose words are changed afterwards is complained of."""
    case = next(case for case in suite.cases if case.id == "seed")
    record = run(Job(suite=suite, cases=(case,), prompt=suite.prompt("sections@3"), model=EMBEDDED)).record
    summary = record.cases[0].draws[0].summary
    assert summary is not None
    pact = next(c for c in summary.commitments if c.verified)
    stranger, evidence = (summary.parties[-1].id,), pact.evidence[0]
    moved = evidence.model_copy(update={"text": "x" * len(evidence.text or "")})
    changes = [
        ({"action": f"{pact.action} 77"}, "no number 77"),
        ({"action": f"did not do it: {pact.action}"}, "negate nothing"),
        ({"by": stranger}, "nobody is called"),
        ({"to": stranger}, "nobody is called"),
        ({"said_by": stranger[0]}, "nobody is called"),
        ({"evidence": (moved,)}, "the source has no"),
    ]
    for change, complaint in changes:
        update = {"commitments": (pact.model_copy(update=change),), "reactions": (), "risks": ()}
        (found,) = complaints(summary.model_copy(update=update), case.document)
        assert complaint in found


def test_the_checker_finds_a_word_that_the_source_only_negates():
    assert negated_words("will repair the old quay", "He will not repair the quay. He did not repair it.") != []
    assert negated_words("will repair the old quay", "He will not repair it; they will repair it.") == []


def test_no_statement_passes_under_another_speakers_name(suite: Suite):
    """Each reaction of the gold, told as another person's who is not named where it stands."""
    tried, passed = 0, []
    for case in suite.cases:
        people = {party.id: party for party in case.gold.parties if party.kind == "person"}
        actors = {i: Actor(name=p.name, names=frozenset(p.names), person=True) for i, p in people.items()}
        grounder = Grounder(case.document, everybody=list(actors.values()))
        for reaction in case.gold.reactions:
            cited = tuple(n for n in reaction.evidence[0] if n <= len(case.document.sentences))
            said = " ".join(case.sentences[n - 1] for n in cited)
            strangers = [i for i, p in people.items() if i not in reaction.by and p.name.split()[-1] not in said]
            own = [i for i in reaction.by if i in people and people[i].name.split()[-1] in said]
            for stranger in strangers[:2] if own else []:
                tried += 1
                claim = statement(reaction.statement, said_by=(actors[stranger],), sentences=cited)
                judgement = grounder.claim(claim)
                if judgement.verdict == "supported" and judgement.found.match != "relocated":
                    passed.append((case.id, reaction.id, people[stranger].name))
    assert tried >= 60, tried
    assert passed == []


def test_of_articles_with_hardly_anything_in_them_no_commitment_and_no_risk_is_made_up(suite: Suite):
    quiet = [case for case in suite.cases if not case.gold.commitments and not case.gold.risks]
    assert {case.id for case in quiet} >= {"football-derby", "village-festival"}
    for case in quiet:
        record = run(Job(suite=suite, cases=(case,), prompt=suite.prompt("sections@3"), model=EMBEDDED)).record
        summary = record.cases[0].draws[0].summary
        assert summary is not None
        assert (summary.commitments, summary.risks) == ((), ())
