"""Ask a model everything a prompt asks about a document: question by question, into one Draft."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from summariser import cues, events
from summariser.document import Document, Sentence
from summariser.errors import InputError, ModelError, OutputError, ProviderError, RefusedError, TruncatedError
from summariser.languages import LANGUAGES
from summariser.models.door import Model, Request, Spent
from summariser.models.judgement import DeferredError
from summariser.prompts import Call, Prompt
from summariser.proposing import propose
from summariser.schema import Draft
from summariser.shape import Shape, type_of_list


@dataclass(kw_only=True)
class Drafted:
    """What a model said about a document, call by call, and what that took; `price` is Model.price."""

    prompt: Prompt
    model: str
    price: float = 1.0
    spent: Spent
    draft: Draft = field(default_factory=Draft)
    failures: list[tuple[str, ModelError]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


_DEEPEST = 2  # halves of halves; what is still cut off then is given up


_NUMBER = 4  # tokens of a sentence's number
_OVERLAP = 2  # sentences of a passage that stand in the one before it as well
_PROMPT = 1500  # tokens set aside for the prompt's own words and the answer's shape


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request about some of the document's sentences; `depth` says how often it was halved.

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
        lists = any(fill.part in type_of_list for fill in self.call.fills)
        whole = self.focus or self.sentences
        if not lists or len(whole) < 2 or self.depth == _DEEPEST:
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
    lists = tuple(fill for fill in call.fills if fill.part in type_of_list)
    prose = tuple(fill for fill in call.fills if fill.part not in type_of_list)
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


def room_for(prompt: Prompt, *, context_tokens: int | None, passage_tokens: int | None) -> int | None:
    """How many tokens of a document fit one request: None where the model's context is not known and none is set."""
    if context_tokens is None:
        return passage_tokens
    left = context_tokens - max(call.max_output_tokens for call in prompt.calls) - _PROMPT
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


def ask(model: Model, prompt: Prompt, document: Document, *, listener: events.Listener = events.ignore) -> Drafted:
    """The Draft that a model makes of a document by a prompt.

    A call that fails leaves its part empty and is noted; a failing provider ends the asking. Raises the first
    ModelError where nothing at all came back, InputError before any call where the text cannot fit, and DeferredError
    once all has been asked that does not hang on an answer that is not there yet.
    """
    drafted = Drafted(prompt=prompt, model=model.name, price=model.price, spent=Spent())
    _read_by_rules(drafted, document)
    room = room_for(prompt, context_tokens=model.context_tokens, passage_tokens=model.passage_tokens)
    _refuse_if_too_long(model, room, document)
    asked = questions(prompt, document, room=room)
    _note_passages(drafted, asked)
    started = time.monotonic()
    succeeded = 0
    deferred: DeferredError | None = None
    for number, question in enumerate(asked, 1):
        if question.gist and deferred:
            break
        listener(events.Asking(question.call.name, number, len(asked)))
        about = _gist(drafted.draft, document, room) if question.gist else question.sentences
        try:
            for part in _answers(model, drafted, replace(question, sentences=about), document, listener):
                _merge(drafted, part)
            succeeded += 1
        except DeferredError as error:
            deferred = error
        except ModelError as error:
            drafted.failures.append((question.call.name, error))
            if isinstance(error, ProviderError):
                break
    if deferred:
        raise deferred
    _leave_out_leaks(drafted, document)
    drafted.seconds = time.monotonic() - started
    if not succeeded:
        raise drafted.failures[0][1]
    return drafted


def _note_passages(drafted: Drafted, asked: Sequence[Question]) -> None:
    passages = len({question.sentences for question in asked if not question.gist})
    if passages > 1:
        told = "headline and overview were written from the sentences that the items cite"
        message = f"The text was read in {passages} passages, all of it; {told}."
        drafted.notes.append(("read_in_passages", message))


def _gist(draft: Draft, document: Document, room: int | None) -> tuple[Sentence, ...]:
    """The sentences that the items cite, with the first ones, as many as there is room for."""
    first = [sentence.number for sentence in document.content[:5]]
    claims = (*draft.commitments, *draft.reactions, *draft.risks, *draft.parties)
    chosen: dict[int, Sentence] = {}
    weight = 0
    for number in (*first, *(n for claim in claims for n in claim.sentences)):
        sentence = document.sentence(number)
        if sentence is None or number in chosen:
            continue
        weight += _weight((sentence,))
        if room is not None and weight > room:
            break
        chosen[number] = sentence
    return tuple(chosen[number] for number in sorted(chosen))


def _read_by_rules(drafted: Drafted, document: Document) -> None:
    """Fill the parts that the prompt leaves to code, and say so."""
    parts = drafted.prompt.by_rules
    if not parts:
        return
    proposed = propose(document)
    _merge(drafted, Draft.model_construct(**{name: getattr(proposed, name) for name in parts}))
    *most, last = parts
    named = f"{', '.join(most)} and {last}" if most else last
    told = f"The {named} were read off the words by rules; the model was not asked for them."
    if document.language not in cues.LANGUAGES:
        language = LANGUAGES.get(document.language or "", "this language")
        told = (
            f"The {named} of this text were not looked for: they are read off the words by rules, which do not know "
            f"{language}; the prompt brief asks a model for them, which should be a large one."
        )
    drafted.notes.append(("by_rules" if document.language in cues.LANGUAGES else "not_looked_for", told))


_LEAKED = 8  # words in a row that stand in the prompt and not in the document


def _leave_out_leaks(drafted: Drafted, document: Document) -> None:
    """Take out of the Draft whatever repeats the prompt's own words, and say so."""
    told = _runs_of_words(" ".join((drafted.prompt.system, *(call.task for call in drafted.prompt.calls))))
    told -= _runs_of_words(document.text)

    def leaks(value: object) -> bool:
        return not told.isdisjoint(_runs_of_words(str(value)))

    kept: dict[str, object] = {}
    for name in Draft.model_fields:
        value = getattr(drafted.draft, name)
        kept[name] = [v for v in value if not leaks(v)] if isinstance(value, list) else "" if leaks(value) else value
        if kept[name] != value:
            drafted.notes.append(
                ("prompt_leaked", f"Some of the {name} repeated the prompt's words; they were left out.")
            )
    drafted.draft = Draft.model_construct(**kept)  # type: ignore[arg-type]  # parts of a validated Draft


def _runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {tuple(words[start : start + _LEAKED]) for start in range(len(words) - _LEAKED + 1)}


def _answers(
    model: Model, drafted: Drafted, question: Question, document: Document, listener: events.Listener
) -> list[Draft]:
    """The answer to a question; of one that is cut off, the answers to its halves."""
    call = question.call
    each = [(s.number, s.text) for s in question.focus]
    shape = Shape(call.fills, sentences=len(document.sentences), each=each)
    messages = drafted.prompt.render(call, document, question.sentences, question.focus)
    request = Request(
        messages=[m.model_dump() for m in messages], shape=shape, max_output_tokens=call.max_output_tokens
    )
    try:
        answer = model.ask(request, listener=listener, spent=drafted.spent)
    except TruncatedError as error:
        if not question.halves or (error.endless and question.depth):  # a half that runs on as well is given up
            raise
        drafted.notes.append(("asked_by_halves", f"The answer about {call.name} was too long; it was asked by halves."))
        listener(events.Note("Still cut off; asking for each half by itself."))
        return _answers_by_halves(model, drafted, question, document, listener)
    return [shape.draft(answer.part)]


def _answers_by_halves(
    model: Model, drafted: Drafted, question: Question, document: Document, listener: events.Listener
) -> list[Draft]:
    """The answers to the halves of a question; where one half fails, the other's are kept and the failure is noted."""
    parts: list[Draft] = []
    errors: list[ModelError] = []
    deferred: DeferredError | None = None
    for half in question.halves:
        try:
            parts += _answers(model, drafted, half, document, listener)
        except DeferredError as error:
            deferred = error
        except (OutputError, RefusedError) as error:
            if question.depth:  # of a half of a half nothing more is hoped for
                raise
            errors.append(error)
    if deferred:
        raise deferred
    if not parts:
        raise errors[0]
    drafted.failures += [(f"half of {question.call.name}", error) for error in errors]
    return parts


def _merge(drafted: Drafted, part: Draft) -> None:
    """Add a part to the Draft: lists grow; of a text asked for by halves, the first half's stays."""
    merged = {name: getattr(drafted.draft, name) for name in Draft.model_fields}
    for name in part.model_fields_set:
        value = getattr(part, name)
        merged[name] = [*merged[name], *value] if isinstance(value, list) else merged[name] or value
    drafted.draft = Draft.model_construct(**merged)


def _refuse_if_too_long(model: Model, room: int | None, document: Document) -> None:
    """Passages end at sentences: a sentence that fits no request cannot be read."""
    longest = max(_weight((sentence,)) for sentence in document.content)
    if room is not None and longest > room:
        raise InputError(
            f"{document.source} has a sentence of about {longest:,} tokens, too long for {model.name}, which has room "
            f"for {max(room, 0):,}; raise context_tokens, or choose a model with a longer context."
        )


def estimate_tokens(text: str) -> int:
    """About how many tokens a text is: one for every four bytes of UTF-8, rounded up."""
    return -(-len(text.encode()) // 4)
