"""Ask a model everything a prompt asks about a document: question by question, into one Draft."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from summariser import events
from summariser.documents.document import Document, Sentence
from summariser.errors import (
    ContextLengthError,
    InputError,
    ModelError,
    OutputError,
    ProviderError,
    RefusedError,
    TruncatedError,
)
from summariser.extraction.rules import extract_by_rules
from summariser.models.classification import DeferredError
from summariser.models.client import Allowance, Answer, Model, Request, Usage
from summariser.models.context_limits import estimate_tokens
from summariser.prompts import Call, Prompt
from summariser.schema import PARTY, Draft, claims
from summariser.schema.response import ResponseSchema, item_types
from summariser.text import lexicon
from summariser.text.languages import LANGUAGES


@dataclass(kw_only=True)
class Extraction:
    """What a model said about a document, call by call, and what that took; `price` is Model.price.

    `failures` are calls that gave nothing, `lacks` those whose answer is incomplete, each with why. `read_in_part` says
    that the server did not read all that was sent.
    """

    prompt: Prompt
    model: str
    price: float = 1.0
    usage: Usage
    draft: Draft = field(default_factory=lambda: Draft.of_parts({}))
    failures: list[tuple[str, ModelError]] = field(default_factory=list)
    lacks: list[tuple[str, ModelError]] = field(default_factory=list)
    read_in_part: bool = False

    @property
    def errors(self) -> list[ModelError]:
        """Why anything is missing."""
        return [error for _, error in (*self.failures, *self.lacks)]

    notes: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


_NUMBER = 4  # tokens of a sentence's number
_OVERLAP = 2  # sentences of a passage that stand in the one before it as well
_PROMPT = 1500  # tokens set aside for the prompt's own words and the answer's shape
_SHARE_OF_ANSWER = 0.7  # of what is left of a short context: an answer is longer than the passage that it is about
_REREADINGS = 3  # times that a document is cut into shorter passages, as the server's limits are learned


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request about some of the document's sentences; `depth` is 1 for a half of one.

    Of a document read in passages, the `gist` is asked last: about the sentences that the items cite by then.
    """

    call: Call
    sentences: tuple[Sentence, ...]
    focus: tuple[Sentence, ...]
    depth: int = 0
    gist: bool = False

    @property
    def halves(self) -> "tuple[Question, ...]":
        """The same question about each half of what it goes through; none where that is no smaller or no list."""
        lists = any(fill.part in item_types() for fill in self.call.fills)
        whole = self.focus or self.sentences
        if not lists or len(whole) < 2 or self.depth:
            return ()
        parts = (whole[: len(whole) // 2], whole[len(whole) // 2 :])
        if self.focus:
            return tuple(replace(self, depth=self.depth + 1, focus=part) for part in parts)
        return tuple(replace(self, depth=self.depth + 1, sentences=part) for part in parts)


def questions(prompt: Prompt, document: Document, *, room: int | None = None) -> list[Question]:
    """All requests that a prompt makes about a document, in order.

    Where the document is longer than the `room` (tokens) for it in one request, it is read in passages along
    paragraphs and sentences, each with the end of the one before it: lists are asked for of each passage, and
    headline and overview once, at the end, of the sentences that the items cite.
    """
    passages = list(_passages(document, room))
    if len(passages) == 1:
        return [question for call in prompt.calls for question in _of_call(call, document.content, document.content)]
    asked, last = [], []
    for call in prompt.calls:
        lists, prose = _split(call)
        if lists:
            for passage in passages:
                own = passage[_OVERLAP if passage is not passages[0] else 0 :]
                asked += _of_call(lists, passage, own)
        if prose:
            last.append(Question(call=prose, sentences=(), focus=(), gist=True))
    return asked + last


def _of_call(call: Call, sentences: tuple[Sentence, ...], own: tuple[Sentence, ...]) -> list[Question]:
    focus = call.in_focus(own)
    most = min((fill.most for fill in call.fills if fill.each_sentence), default=0) or len(focus) or 1
    batches = [focus[start : start + most] for start in range(0, len(focus), most)] or [()]
    return [Question(call=call, sentences=sentences, focus=batch) for batch in batches]


def _split(call: Call) -> tuple[Call | None, Call | None]:
    """A call as one for its lists and one for its headline and overview; None where it has none of them."""
    lists = tuple(fill for fill in call.fills if fill.part in item_types())
    prose = tuple(fill for fill in call.fills if fill.part not in item_types())
    parts = [call.model_copy(update={"fills": fills}) if fills else None for fills in (lists, prose)]
    return parts[0], parts[1]


def _passages(document: Document, room: int | None) -> Iterator[tuple[Sentence, ...]]:
    """The content in passages of at most so many tokens, cut between paragraphs where one ends in its last third."""
    content = document.content
    if room is None or _weight(content) <= room:
        yield content
        return
    start = 0
    while start < len(content):
        end, weight = start, 0
        while end < len(content) and (end == start or weight + _weight(content[end : end + 1]) <= room):
            weight += _weight(content[end : end + 1])
            end += 1
        third = start + 2 * (end - start) // 3
        breaks = [
            i for i in range(end, third, -1) if i < len(content) and content[i].paragraph != content[i - 1].paragraph
        ]
        if end < len(content) and breaks:
            end = breaks[0]
        yield content[start:end]
        if end == len(content):
            return
        start = max(start + 1, end - _OVERLAP)


def _weight(sentences: Sequence[Sentence]) -> int:
    """About how many tokens numbered sentences are."""
    return sum(estimate_tokens(s.text) + _NUMBER for s in sentences)


def room_for(
    prompt: Prompt, *, context_tokens: int | None, passage_tokens: int | None, max_output_tokens: int | None = None
) -> int | None:
    """How many tokens of a document fit one request: None where the model's context is not known and none is set.

    Of a context that is short for the prompt's longest answer, the answer gets the larger share.
    """
    if context_tokens is None:
        return passage_tokens
    answer = max_output_tokens or max(call.max_output_tokens for call in prompt.calls)
    free = context_tokens - _PROMPT
    left = free - min(answer, int(free * _SHARE_OF_ANSWER))
    return left if passage_tokens is None else min(left, passage_tokens)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """About what one request weighs, in tokens: what is read, and at most what is written."""

    call: str
    input_tokens: int
    output_tokens: int


def estimates(prompt: Prompt, document: Document, *, room: int | None) -> list[Estimate]:
    """About what each request weighs that `ask` makes, in order.

    There are more only where an answer is cut off, does not fit its schema or fails in transport.
    """
    found = []
    for question in questions(prompt, document, room=room):
        messages = prompt.render(question.call, document, question.sentences, question.focus)
        read = sum(estimate_tokens(message.content) for message in messages) + (room or 0) * question.gist
        call = question.call
        found.append(Estimate(call=call.name, input_tokens=read, output_tokens=call.max_output_tokens))
    return found


def ask(model: Model, prompt: Prompt, document: Document, *, listener: events.Listener = events.ignore) -> Extraction:
    """The Draft that a model makes of a document by a prompt.

    A call that fails leaves its part empty and is noted; a failing provider ends the asking. Where the server says that
    the text is longer than the model's context, it is read in passages that fit. Raises the first
    ModelError where nothing at all came back, InputError before any call where the text cannot fit, and DeferredError
    once all has been asked that does not hang on an answer that is not there yet.
    """
    usage, rooms = Usage(), set[int | None]()
    while True:
        room = _room_now(model, prompt)
        rooms.add(room)
        extraction = Extraction(prompt=prompt, model=model.name, price=model.price, usage=usage)
        try:
            return _Reading(
                model=model, prompt=prompt, document=document, room=room, listener=listener, extraction=extraction
            ).draft()
        except ContextLengthError:
            shorter = _room_now(model, prompt)
            longest = max(_weight((sentence,)) for sentence in document.content)
            if shorter is None or shorter in rooms or shorter < longest or len(rooms) > _REREADINGS:
                raise
            listener(events.Note("The text is longer than the model's context; reading it in passages."))


def _room_now(model: Model, prompt: Prompt) -> int | None:
    """How many tokens of a document fit one request, by our count, as far as the model's limits are known by now."""
    context = model.context and int(model.context / model.known.now.input_ratio)
    limits = (model.max_output_tokens, model.known.now.max_output_tokens)
    output = min((limit for limit in limits if limit), default=None)
    return room_for(prompt, context_tokens=context, passage_tokens=model.passage_tokens, max_output_tokens=output)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One document being asked about by one prompt, with at most `room` tokens of it in a request."""

    model: Model
    prompt: Prompt
    document: Document
    room: int | None
    listener: events.Listener
    extraction: Extraction

    def draft(self) -> Extraction:
        """The Draft; raises what `ask` does."""
        _read_by_rules(self.extraction, self.document)
        _refuse_if_too_long(self.model, self.room, self.document)
        asked = questions(self.prompt, self.document, room=self.room)
        _note_passages(self.extraction, asked)
        started = time.monotonic()
        succeeded = 0
        deferred: DeferredError | None = None
        for number, question in enumerate(asked, 1):
            if question.gist and deferred:
                break
            self.listener(events.Asking(question.call.name, number, len(asked)))
            try:
                succeeded += self._succeeds(question)
            except DeferredError as error:
                deferred = error
            if any(isinstance(error, ProviderError) for error in self.extraction.errors):
                break
        if deferred:
            raise deferred
        _leave_out_leaks(self.extraction, self.document)
        self.extraction.seconds = time.monotonic() - started
        if not succeeded:
            raise self.extraction.failures[0][1]
        return self.extraction

    def _succeeds(self, question: Question) -> bool:
        """Put a question and merge its answer in; where it fails, note the failure and return False."""
        about = _gist(self.extraction.draft, self.document, self.room) if question.gist else question.sentences
        try:
            parts = self._answers(replace(question, sentences=about), Allowance())
        except (DeferredError, ContextLengthError):
            raise
        except ModelError as error:
            self.extraction.failures.append((question.call.name, error))
            return False
        for part in parts:
            self.extraction.draft = self.extraction.draft.merged(part)
        return True

    def _answers(self, question: Question, allowance: Allowance) -> list[Draft]:
        """The answer to a question; of one that is cut off, the answers to its halves, where the allowance has room."""
        call, extraction = question.call, self.extraction
        each = [(s.number, s.text) for s in question.focus]
        shape = ResponseSchema(call.fills, sentences=len(self.document.sentences), each=each)
        messages = self.prompt.render(call, self.document, question.sentences, question.focus)
        request = Request(
            messages=[m.model_dump() for m in messages], shape=shape, max_output_tokens=call.max_output_tokens
        )
        halves = question.halves if allowance.left > len(question.halves) else ()
        try:
            answer = self.model.ask(request, listener=self.listener, usage=extraction.usage, allowance=allowance)
        except TruncatedError:
            if not halves or allowance.left < len(halves):
                raise
        else:
            if not isinstance(answer.failure, TruncatedError) or not halves or allowance.left < len(halves):
                self._note(call.name, answer)
                return [shape.draft(answer.part)]
        extraction.notes.append(
            ("asked_by_halves", f"The answer about {call.name} was too long; it was asked by halves.")
        )
        self.listener(events.Note("Still cut off; asking for each half by itself."))
        return self._answers_by_halves(call.name, halves, allowance)

    def _answers_by_halves(self, name: str, halves: Sequence[Question], allowance: Allowance) -> list[Draft]:
        """The answers to halves of a question, a call each; where one fails, the other's are kept and it is noted."""
        parts: list[Draft] = []
        errors: list[ModelError] = []
        deferred: DeferredError | None = None
        for half in halves:
            allowance.left -= 1
            try:
                parts += self._answers(half, Allowance(1))
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
        """Put down what a reader should know of an answer: what was repaired, what is missing, what was not read."""
        self.extraction.notes += answer.deviations
        if answer.failure is not None:
            self.extraction.lacks.append((name, answer.failure))
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
        told = "headline and overview were written from the sentences that the items cite"
        message = f"The text was read in {passages} passages, all of it; {told}."
        extraction.notes.append(("read_in_passages", message))


def _gist(draft: Draft, document: Document, room: int | None) -> tuple[Sentence, ...]:
    """The sentences that the items cite, with the first ones, as many as there is room for."""
    first = [sentence.number for sentence in document.content[:5]]
    items = [item for kind in (*claims(), PARTY) for item in draft.of(kind)]
    chosen: dict[int, Sentence] = {}
    weight = 0
    for number in (*first, *(n for item in items for n in item.sentences)):
        sentence = document.sentence(number)
        if sentence is None or number in chosen:
            continue
        weight += _weight((sentence,))
        if room is not None and weight > room:
            break
        chosen[number] = sentence
    return tuple(chosen[number] for number in sorted(chosen))


def _read_by_rules(extraction: Extraction, document: Document) -> None:
    """Fill the parts that the prompt leaves to code, and say so."""
    parts = extraction.prompt.by_rules
    if not parts:
        return
    proposed = extract_by_rules(document)
    extraction.draft = extraction.draft.merged(Draft.of_parts({name: getattr(proposed, name) for name in parts}))
    *most, last = parts
    named = f"{', '.join(most)} and {last}" if most else last
    told = f"The {named} were read off the words by rules; the model was not asked for them."
    if document.language not in lexicon.LANGUAGES:
        language = LANGUAGES.get(document.language or "", "this language")
        told = (
            f"The {named} of this text were not looked for: they are read off the words by rules, which do not know "
            f"{language}; the prompt brief asks a model for them, which should be a large one."
        )
    extraction.notes.append(("by_rules" if document.language in lexicon.LANGUAGES else "not_looked_for", told))


_LEAKED = 8  # words in a row that stand in the prompt and not in the document


def _leave_out_leaks(extraction: Extraction, document: Document) -> None:
    """Take out of the Draft whatever repeats the prompt's own words, and say so."""
    told = _runs_of_words(" ".join((extraction.prompt.system, *(call.task for call in extraction.prompt.calls))))
    told -= _runs_of_words(document.text)

    def leaks(value: object) -> bool:
        return not told.isdisjoint(_runs_of_words(str(value)))

    kept: dict[str, object] = {}
    for name in type(extraction.draft).model_fields:
        value = getattr(extraction.draft, name)
        kept[name] = [v for v in value if not leaks(v)] if isinstance(value, list) else "" if leaks(value) else value
        if kept[name] != value:
            extraction.notes.append(
                ("prompt_leaked", f"Some of the {name} repeated the prompt's words; they were left out.")
            )
    extraction.draft = extraction.draft.model_copy(update=kept)


def _runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {tuple(words[start : start + _LEAKED]) for start in range(len(words) - _LEAKED + 1)}


def _refuse_if_too_long(model: Model, room: int | None, document: Document) -> None:
    """Passages end at sentences: a sentence that fits no request cannot be read."""
    longest = max(_weight((sentence,)) for sentence in document.content)
    if room is not None and longest > room:
        raise InputError(
            f"{document.source} has a sentence of about {longest:,} tokens, too long for {model.name}, which has room "
            f"for {max(room, 0):,}; raise context_tokens, or choose a model with a longer context."
        )
