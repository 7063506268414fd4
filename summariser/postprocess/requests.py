"""What every pass does: put its requests to the model, count them in, and say which of them failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from pydantic import BaseModel

from summariser import events
from summariser.errors import ModelError, ProviderError, RefusedError, TruncatedError
from summariser.models import Model, Request, Usage, cost
from summariser.models.classification import DeferredError
from summariser.prompts import StepPrompt, library
from summariser.schema import RunStatus, Summary, SummaryWarning, WarningCode
from summariser.schema.response import FormSchema

_T = TypeVar("_T", bound=BaseModel)


@dataclass(kw_only=True)
class Asked:
    """One pass under way: its prompt, what it spent, and how it failed if it did.

    After a provider's failure nothing more is asked.
    """

    model: Model
    prompt: StepPrompt
    listener: events.Listener
    of: int
    usage: Usage = field(default_factory=Usage)
    failures: list[ModelError] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    deferred: DeferredError | None = None
    done: int = 0

    async def ask(self, answer: type[_T], values: Mapping[str, str]) -> _T | None:
        """Return the answer to one request; None where it failed, or is not there yet."""
        if any(isinstance(error, ProviderError) for error in self.failures):
            return None
        self.listener(events.Asking(call=self.prompt.name, done=self.done, total=self.of))
        self.done += 1
        messages = [message.model_dump() for message in self.prompt.render(values)]
        request = Request(messages=messages, shape=FormSchema(answer), max_output_tokens=self.prompt.max_output_tokens)
        try:
            found = await self.model.ask(request, listener=self.listener, usage=self.usage)
        except DeferredError as error:
            self.deferred = error
            return None
        except ModelError as error:
            self.failures.append(error)
            return None
        self.told += found.deviations
        return cast(_T, found.part)

    def stamped(self, summary: Summary) -> Summary:
        """Return the Summary with what the pass cost in its Run, and a warning for what failed.

        Raises DeferredError where an answer is not there yet.
        """
        if self.deferred:
            raise self.deferred
        run, usage = summary.run, self.usage
        read, cached, wrote = (
            run.input_tokens + usage.input_tokens,
            run.cached_tokens + usage.cached_tokens,
            run.output_tokens + usage.output_tokens,
        )
        stamped = run.model_copy(
            update={
                "status": _worse(run.status, self.failures),
                "passes": (*run.passes, self.prompt.id),
                "requests": run.requests + usage.requests,
                "input_tokens": read,
                "cached_tokens": cached,
                "output_tokens": wrote,
                "cost_usd": cost(self.model.name, read, cached, wrote, share=self.model.price),
                "seconds": round(run.seconds + usage.seconds, 2),
            }
        )
        failed = f"{len(self.failures)} of {self.of} requests of {self.prompt.id} failed"
        told = dict.fromkeys(map(str, self.failures))
        warnings = [SummaryWarning(code=WarningCode.CALL_FAILED, message=f"{failed}: {message}") for message in told]
        warnings += [
            SummaryWarning(code=WarningCode(code), message=message) for code, message in dict.fromkeys(self.told)
        ]
        return summary.model_copy(update={"run": stamped, "warnings": (*summary.warnings, *warnings)})


def begin(name: str, model: Model, listener: events.Listener, *, of: int) -> Asked:
    """Return a pass that will make so many requests, by the newest version of its prompt."""
    return Asked(model=model, prompt=library().load_step(name), listener=listener, of=of)


def _worse(status: RunStatus, failures: list[ModelError]) -> RunStatus:
    """Return the status of a run in which requests of a pass failed as well."""
    if not failures or status != "ok":
        return status
    kinds = {type(error) for error in failures}
    if kinds == {RefusedError}:
        return "refused"
    return "truncated" if kinds == {TruncatedError} else "partial"
