"""Record verifications: ask a model about the claims of each case, and about copies altered in one field."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from summariser import events
from summariser.concurrency import resolved, run_now
from summariser.errors import InputError, ModelError
from summariser.evals.check_rates import RIGHT, Trial
from summariser.evals.gold import Case
from summariser.evals.perturbations import PERTURBATIONS
from summariser.evals.recordings import folder_of, load, write_whole
from summariser.evals.run import Answered, Job, answers_of, score_case
from summariser.evals.verifications import ALTERATIONS, CaseVerification, RecordedClaim, path_of
from summariser.grounding import ground
from summariser.linking import link
from summariser.models import Model, Transport, estimate_input, estimate_tokens, is_local, open_model
from summariser.postprocess import VERIFICATION, ask_about_claims, claim_by_fields
from summariser.prompts import library
from summariser.schema import Draft, DraftItem, Summary

_EVERY = 2  # one in so many right claims is altered, so that an altered request has right claims as well


def record(
    job: Job, *, listener: events.Listener = events.ignore, progress: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[Case, Path | ModelError]]:
    """Record the verification of each case of a job whose claims are recorded and whose verification is not.

    A model is asked twice about a case: about the claims as the recorded answer has them, and about the same claims
    with every second right one altered in one field. The kinds of alteration take turns.

    Args:
        job: The cases, the prompt that asked for the claims, and the model that gave them and is asked again.
        listener: Receives the events of the model calls.
        progress: Takes the name of each case when it begins.

    Yields:
        Each case with the file that was written, or with the model's error.

    Raises:
        InputError: The model is local, where a verification says nothing that the suite could hold.
        RecordingsError: The claims of a case are not recorded.
        ConfigurationError: The model cannot be opened.
    """
    if is_local(job.model):
        raise InputError(f"Verifications are recorded for models that are not local, not for {job.model}.")
    settings = job.settings.model_copy(update={"temperature": job.suite.temperature})
    prompt = library().load_step(VERIFICATION)
    with open_model(job.model, settings, listener=listener) as model:
        for case in job.cases:
            path = path_of(job.suite.folder, prompt.id, job.prompt.id, job.model, case.id)
            if path.is_file() and job.mode != "refresh":
                continue
            progress(case.id)
            try:
                found = _verification(case, job, answers_of(replace(job, mode="replay"), case), model, prompt.id)
            except ModelError as error:
                yield case, error
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, found.model_dump_json(indent=1) + "\n")
            yield case, path


def _verification(case: Case, job: Job, answered: Answered, model: Model, verification: str) -> CaseVerification:
    """Return the verification of a case; raise the first error of a request."""
    document = replace(case.document, source=case.id)
    altered = _with_alterations(case, job, answered)
    claims: list[RecordedClaim] = []
    tokens = []
    for summary, alterations in ((answered.summary, {}), altered):
        counted = _Counted(model.transport)
        pass_, answers, _ = run_now(ask_about_claims(summary, document, model.changed(transport=counted)))
        if pass_.deferred or pass_.failures:
            raise pass_.deferred or pass_.failures[0]
        tokens.append(counted.tokens)
        claims += [
            RecordedClaim(
                claim=claim_by_fields(claim, summary.name),
                alteration=alterations.get(claim.id, ""),
                answer=answers.get(claim.id),
            )
            for claim in summary.claims
            if summary is answered.summary or claim.id in alterations
        ]
    recorded = load(folder_of(job.suite.recordings, job.prompt.id, job.model) / case.id).values()
    return CaseVerification(
        prompt=job.prompt.id,
        model=job.model,
        verification=verification,
        summary_tokens=sum(tokens_of(each.request["wire"], each.answer) for each in recorded),
        verification_tokens=tokens[0],
        claims=tuple(claims),
    )


@dataclass
class _Counted:
    """A transport that estimates the tokens of its requests and answers."""

    transport: Transport
    tokens: int = 0

    async def __call__(self, wire: Any, listener: events.Listener) -> Any:
        """Send a request, and return the answer."""
        answer = await resolved(self.transport(wire, listener))
        self.tokens += tokens_of(wire, answer)
        return answer


def tokens_of(wire: Any, answer: Any) -> int:
    """Return an estimate of the tokens of a request and its answer (see `estimate_tokens`).

    Args:
        wire: The request.
        answer: The answer, as a dictionary or as the client's object.
    """
    given = answer if isinstance(answer, dict) else answer.model_dump()
    texts = [str(choice["message"].get("content") or "") for choice in given["choices"]]
    return int(estimate_input(wire)) + sum(map(estimate_tokens, texts))


def _with_alterations(case: Case, job: Job, answered: Answered) -> tuple[Summary, dict[str, str]]:
    """Return the Summary of an answer in which every second right claim is altered, and the alterations by id."""
    document = replace(case.document, source=case.id)
    trial = Trial(answered.draft, document, job.prompt.by_rules, completing=False)
    used: Counter[str] = Counter()
    chosen: list[tuple[str, DraftItem, DraftItem]] = []
    right = [item for name, item in trial.labelled(score_case(case, answered.summary).matchings) if name == RIGHT]
    for item in right[::_EVERY]:
        copies = {name: copy for name, copy in trial.copies(item, {}) if name in ALTERATIONS}
        if copies:
            name = min(copies, key=lambda name: (used[name], list(PERTURBATIONS).index(name)))
            used[name] += 1
            chosen.append((name, item.draft, copies[name]))
    draft = _replaced(answered.draft, chosen)
    linked = link(draft, document, completing=False)
    names = {id(copy): name for name, _, copy in chosen}
    alterations = {
        item.id: names[id(item.draft)] for items in linked.claims.values() for item in items if id(item.draft) in names
    }
    return ground(linked, document, answered.extraction), alterations


def _replaced(draft: Draft, chosen: list[tuple[str, DraftItem, DraftItem]]) -> Draft:
    """Return a Draft with copies in place of items."""
    copies = {id(item): copy for _, item, copy in chosen}
    return draft.model_copy(
        update={
            name: [copies.get(id(item), item) for item in value] for name, value in draft if isinstance(value, list)
        }
    )
