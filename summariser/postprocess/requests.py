"""Send the requests of a pass, add their usage to the run and report failures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from pydantic import BaseModel

from summariser import events
from summariser.errors import ModelError, ProviderError, RefusedError, TruncatedError
from summariser.models import DeferredError, Model, Request, Usage, cost
from summariser.prompts import StepPrompt, library
from summariser.schema import RunStatus, Summary, SummaryWarning, WarningCode
from summariser.schema.response import FormSchema

_T = TypeVar("_T", bound=BaseModel)


@dataclass(kw_only=True)
class Pass:
    """A pass in progress. After a failure of the provider, no further request is sent.

    Attributes:
        model: The model to ask.
        prompt: The prompt of the pass.
        listener: Receives an event for each request.
        of: The number of requests.
        usage: The usage so far.
        failures: The errors of failed requests.
        deviations: The repairs of answers, as warning codes and messages.
        deferred: The error of a batch API that has not answered yet.
        done: The number of requests so far.
    """

    model: Model
    prompt: StepPrompt
    listener: events.Listener
    of: int
    usage: Usage = field(default_factory=Usage)
    failures: list[ModelError] = field(default_factory=list)
    deviations: list[tuple[str, str]] = field(default_factory=list)
    deferred: DeferredError | None = None
    done: int = 0

    async def ask(self, answer: type[_T], values: Mapping[str, str]) -> _T | None:
        """Send one request and return the answer; None if it failed or a batch API has not answered yet.

        Args:
            answer: The type of the answer.
            values: The values of the prompt's placeholders.
        """
        if any(isinstance(error, ProviderError) for error in self.failures):
            return None
        self.listener(events.Asking(call=self.prompt.name, done=self.done, total=self.of))
        self.done += 1
        messages = [message.model_dump() for message in self.prompt.render(values)]
        request = Request(messages=messages, schema=FormSchema(answer), max_output_tokens=self.prompt.max_output_tokens)
        try:
            found = await self.model.ask(request, listener=self.listener, usage=self.usage)
        except DeferredError as error:
            self.deferred = error
            return None
        except ModelError as error:
            self.failures.append(error)
            return None
        self.deviations += found.deviations
        return cast(_T, found.part)

    def finish(self, summary: Summary) -> Summary:
        """Return the Summary with the usage of the pass in its Run, and with warnings about failures.

        Raises:
            DeferredError: A batch API has not answered yet.
        """
        if self.deferred:
            raise self.deferred
        run, usage = summary.run, self.usage
        read, cached, wrote = (
            run.input_tokens + usage.input_tokens,
            run.cached_tokens + usage.cached_tokens,
            run.output_tokens + usage.output_tokens,
        )
        finished = run.model_copy(
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
        messages = dict.fromkeys(map(str, self.failures))
        warnings = [
            SummaryWarning(code=WarningCode.CALL_FAILED, message=f"{failed}: {message}") for message in messages
        ]
        warnings += [
            SummaryWarning(code=WarningCode(code), message=message) for code, message in dict.fromkeys(self.deviations)
        ]
        return summary.model_copy(update={"run": finished, "warnings": (*summary.warnings, *warnings)})


def begin(name: str, model: Model, listener: events.Listener, *, of: int) -> Pass:
    """Return a new pass.

    Args:
        name: The name of the prompt, whose newest version is used.
        model: The model to ask.
        listener: Receives an event for each request.
        of: The number of requests.
    """
    return Pass(model=model, prompt=library().load_step(name), listener=listener, of=of)


def _worse(status: RunStatus, failures: list[ModelError]) -> RunStatus:
    """Return the status of a run after the failures of a pass."""
    if not failures or status != "ok":
        return status
    kinds = {type(error) for error in failures}
    if kinds == {RefusedError}:
        return "refused"
    return "truncated" if kinds == {TruncatedError} else "partial"
