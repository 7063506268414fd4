"""Cut what a prompt asks about a document into requests that fit the model's context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summariser.documents import Document, Sentence
from summariser.models import estimate_tokens
from summariser.prompts import Call, Prompt
from summariser.schema.response import item_types

_NUMBER = 4  # tokens of a sentence's number
_OVERLAP = 2  # sentences of a passage that stand in the one before it as well
_PROMPT = 1500  # tokens set aside for the prompt's own words and the answer's shape
_SHARE_OF_ANSWER = 0.7  # of what is left of a short context: an answer is longer than the passage that it is about


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
    """Return a call as one for its lists and one for its headline and overview; None where it has none of them."""
    lists = tuple(fill for fill in call.fills if fill.part in item_types())
    prose = tuple(fill for fill in call.fills if fill.part not in item_types())
    parts = [call.model_copy(update={"fills": fills}) if fills else None for fills in (lists, prose)]
    return parts[0], parts[1]


def _passages(document: Document, room: int | None) -> Iterator[tuple[Sentence, ...]]:
    """Yield the content in passages of at most so many tokens, cut between paragraphs where that is near their end."""
    content = document.content
    if room is None or weight_of(content) <= room:
        yield content
        return
    start = 0
    while start < len(content):
        end, weight = start, 0
        while end < len(content) and (end == start or weight + weight_of(content[end : end + 1]) <= room):
            weight += weight_of(content[end : end + 1])
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


def weight_of(sentences: Sequence[Sentence]) -> int:
    """Return about how many tokens numbered sentences are."""
    return sum(estimate_tokens(s.text) + _NUMBER for s in sentences)


def room_for(
    prompt: Prompt, *, context_tokens: int | None, passage_tokens: int | None, max_output_tokens: int | None = None
) -> int | None:
    """Return how many tokens of a document fit one request: None where no context is known and no limit is set.

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
    """Return about what each request weighs that `ask` makes, in order.

    There are more only where an answer is cut off, does not fit its schema or fails in transport.
    """
    found = []
    for question in questions(prompt, document, room=room):
        messages = prompt.render(question.call, document, question.sentences, question.focus)
        read = sum(estimate_tokens(message.content) for message in messages) + (room or 0) * question.gist
        call = question.call
        found.append(Estimate(call=call.name, input_tokens=read, output_tokens=call.max_output_tokens))
    return found
