"""Ask a model the questions of a prompt about a document, and merge the answers into one Draft."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summariser import events
from summariser.documents import Document, Sentence
from summariser.errors import (
    ContextLengthError,
    InputError,
    ModelError,
    OutputError,
    ProviderError,
    RefusedError,
    TruncatedError,
)
from summariser.extraction.leaks import without_leaks
from summariser.extraction.passages import Question, questions, room_for, weight_of
from summariser.extraction.rules import extract_by_rules
from summariser.models import Allowance, Answer, DeferredError, Model, Request, Usage
from summariser.prompts import Prompt
from summariser.schema import PARTY, Draft, claims
from summariser.schema.response import ResponseSchema
from summariser.text import LANGUAGES, lexicon


@dataclass(kw_only=True)
class Extraction:
    """The Draft of a document, with the usage and the errors of its requests.

    Attributes:
        prompt: The prompt.
        model: The name of the model.
        price: The share of the published price that is paid.
        usage: The usage of all requests.
        draft: The merged answers.
        failures: The calls without an answer, each with its error.
        incomplete: The calls with an incomplete answer, each with its error.
        read_in_part: True if the server did not read the whole request.
        notes: Warning codes and messages.
        seconds: The duration.
    """

    prompt: Prompt
    model: str
    price: float = 1.0
    usage: Usage
    draft: Draft = field(default_factory=lambda: Draft.of_parts({}))
    failures: list[tuple[str, ModelError]] = field(default_factory=list)
    incomplete: list[tuple[str, ModelError]] = field(default_factory=list)
    read_in_part: bool = False
    notes: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def errors(self) -> list[ModelError]:
        """The errors of all failed and incomplete calls."""
        return [error for _, error in (*self.failures, *self.incomplete)]


_REREADINGS = 3  # maximum number of times a document is split again after the server reports a limit


async def ask(
    model: Model, prompt: Prompt, document: Document, *, listener: events.Listener = events.ignore
) -> Extraction:
    """Return the Draft of a document.

    A failed call leaves its part of the Draft empty and is noted. After a failure of the provider, no further call is
    made. If the server reports that the text is longer than the model's context, the text is read in passages.

    Args:
        model: The model to ask.
        prompt: The prompt.
        document: The document.
        listener: Receives an event for each call.

    Raises:
        ModelError: No call succeeded; the error of the first one.
        InputError: The text has a sentence that does not fit into the context; raised before any call.
        DeferredError: A batch API has not answered yet; raised after all requests that do not depend on its answers.
    """
    usage, rooms = Usage(), set[int | None]()
    while True:
        room = _room_now(model, prompt)
        rooms.add(room)
        extraction = Extraction(prompt=prompt, model=model.name, price=model.price, usage=usage)
        try:
            return await _Reading(
                model=model, prompt=prompt, document=document, room=room, listener=listener, extraction=extraction
            ).draft()
        except ContextLengthError:
            shorter = _room_now(model, prompt)
            longest = max(weight_of((sentence,)) for sentence in document.content)
            if shorter is None or shorter in rooms or shorter < longest or len(rooms) > _REREADINGS:
                raise
            listener(events.Note("The text is longer than the model's context; reading it in passages."))


def _room_now(model: Model, prompt: Prompt) -> int | None:
    """Return the number of document tokens that fit one request, from the limits known so far."""
    context = model.context and int(model.context / model.known.now.input_ratio)
    limits = (model.max_output_tokens, model.known.now.max_output_tokens)
    output = min((limit for limit in limits if limit), default=None)
    return room_for(prompt, context_tokens=context, passage_tokens=model.passage_tokens, max_output_tokens=output)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """The questions of one prompt about one document, with at most `room` document tokens per request."""

    model: Model
    prompt: Prompt
    document: Document
    room: int | None
    listener: events.Listener
    extraction: Extraction

    async def draft(self) -> Extraction:
        """Return the Draft; raise the same errors as `ask`."""
        _read_by_rules(self.extraction, self.document)
        _refuse_if_too_long(self.model, self.room, self.document)
        asked = questions(self.prompt, self.document, room=self.room)
        _note_passages(self.extraction, asked)
        started = time.monotonic()
        succeeded = 0
        deferred: DeferredError | None = None
        for done, question in enumerate(asked):
            if question.gist and deferred:
                break
            self.listener(events.Asking(call=question.call.name, done=done, total=len(asked)))
            try:
                succeeded += await self._succeeds(question)
            except DeferredError as error:
                deferred = error
            if any(isinstance(error, ProviderError) for error in self.extraction.errors):
                break
        if deferred:
            raise deferred
        self.extraction.draft, notes = without_leaks(self.extraction.draft, self.prompt, self.document)
        self.extraction.notes += notes
        self.extraction.seconds = time.monotonic() - started
        if not succeeded:
            raise self.extraction.failures[0][1]
        return self.extraction

    async def _succeeds(self, question: Question) -> bool:
        """Ask a question and merge its answer into the Draft; if it fails, note the failure and return False."""
        about = _gist(self.extraction.draft, self.document, self.room) if question.gist else question.sentences
        try:
            parts = await self._answers(replace(question, sentences=about), Allowance())
        except (DeferredError, ContextLengthError):
            raise
        except ModelError as error:
            self.extraction.failures.append((question.call.name, error))
            return False
        for part in parts:
            self.extraction.draft = self.extraction.draft.merged(part)
        return True

    async def _answers(self, question: Question, allowance: Allowance) -> list[Draft]:
        """Return the answer to a question; if it is cut off and the allowance suffices, the answers to its halves."""
        call, extraction = question.call, self.extraction
        each = [(s.number, s.text) for s in question.focus]
        schema = ResponseSchema(call.fills, sentences=len(self.document.sentences), each=each)
        messages = self.prompt.render(call, self.document, question.sentences, question.focus)
        request = Request(
            messages=[m.model_dump() for m in messages], schema=schema, max_output_tokens=call.max_output_tokens
        )
        halves = question.halves if allowance.left > len(question.halves) else ()
        try:
            answer = await self.model.ask(request, listener=self.listener, usage=extraction.usage, allowance=allowance)
        except TruncatedError:
            if not halves or allowance.left < len(halves):
                raise
        else:
            if not isinstance(answer.failure, TruncatedError) or not halves or allowance.left < len(halves):
                self._note(call.name, answer)
                return [schema.draft(answer.part)]
        extraction.notes.append(
            ("asked_by_halves", f"The answer about {call.name} was too long; it was asked by halves.")
        )
        self.listener(events.Note("The answer is still cut off; asking about each half separately."))
        return await self._answers_by_halves(call.name, halves, allowance)

    async def _answers_by_halves(self, name: str, halves: Sequence[Question], allowance: Allowance) -> list[Draft]:
        """Return the answers to the halves of a question; a half that fails is noted."""
        parts: list[Draft] = []
        errors: list[ModelError] = []
        deferred: DeferredError | None = None
        for half in halves:
            allowance.left -= 1
            try:
                parts += await self._answers(half, Allowance(1))
            except DeferredError as error:
                deferred = error
            except (OutputError, RefusedError) as error:
                errors.append(error)
        if deferred:
            raise deferred
        if not parts:
            raise errors[0]
        self.extraction.failures += [(f"half of {name}", error) for error in errors]
        return parts

    def _note(self, name: str, answer: Answer) -> None:
        """Note the repairs of an answer, what is missing from it, and what the server did not read."""
        self.extraction.notes += answer.deviations
        if answer.failure is not None:
            self.extraction.incomplete.append((name, answer.failure))
        if answer.read is not None:
            read, sent = answer.read
            self.extraction.read_in_part = True
            message = (
                f"The server read {read:,} of at least {sent:,} tokens that were sent, so the model did not see the "
                "whole text; most likely the server's context is too short (num_ctx of Ollama): raise it, or set "
                "context_tokens to what it is, so that the text is read in passages."
            )
            self.extraction.notes.append(("read_in_part", message))


def _note_passages(extraction: Extraction, asked: Sequence[Question]) -> None:
    passages = len({question.sentences for question in asked if not question.gist})
    if passages > 1:
        note = "headline and overview were written from the sentences that the items cite"
        message = f"The text was read in {passages} passages, all of it; {note}."
        extraction.notes.append(("read_in_passages", message))


def _gist(draft: Draft, document: Document, room: int | None) -> tuple[Sentence, ...]:
    """Return the first sentences and those that the items cite, as many as fit."""
    first = [sentence.number for sentence in document.content[:5]]
    items = [item for kind in (*claims(), PARTY) for item in draft.of(kind)]
    chosen: dict[int, Sentence] = {}
    weight = 0
    for number in (*first, *(n for item in items for n in item.sentences)):
        sentence = document.sentence(number)
        if sentence is None or number in chosen:
            continue
        weight += weight_of((sentence,))
        if room is not None and weight > room:
            break
        chosen[number] = sentence
    return tuple(chosen[number] for number in sorted(chosen))


def _read_by_rules(extraction: Extraction, document: Document) -> None:
    """Extract the parts that the prompt leaves to rules, and note it."""
    parts = extraction.prompt.by_rules
    if not parts:
        return
    proposed = extract_by_rules(document)
    extraction.draft = extraction.draft.merged(Draft.of_parts({name: getattr(proposed, name) for name in parts}))
    if note := not_looked_for(extraction.prompt, document):
        extraction.notes.append(("not_looked_for", note))
        return
    message = f"The {_listed(parts)} were read off the words by rules; the model was not asked for them."
    extraction.notes.append(("by_rules", message))


def not_looked_for(prompt: Prompt, document: Document) -> str:
    """Return what a prompt leaves to rules that do not know the language of a document, as a sentence; "" if nothing.

    Args:
        prompt: The prompt.
        document: The document.
    """
    if not prompt.by_rules or document.language in lexicon.RULE_LANGUAGES:
        return ""
    language = LANGUAGES.get(document.language or "", "this language")
    return (
        f"{prompt.id} does not look for {_listed(prompt.by_rules)} in this text: they are read off the words by rules, "
        f"which do not know {language}; the prompt brief asks a model for them, which should be a large one."
    )


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _refuse_if_too_long(model: Model, room: int | None, document: Document) -> None:
    """Raise InputError if a sentence does not fit into one request, since passages consist of whole sentences."""
    longest = max(weight_of((sentence,)) for sentence in document.content)
    if room is not None and longest > room:
        raise InputError(
            f"{document.source} has a sentence of about {longest:,} tokens, too long for {model.name}, which has room "
            f"for {max(room, 0):,}; raise context_tokens, or choose a model with a longer context."
        )
