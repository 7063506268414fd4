"""Split the questions of a prompt about a document into requests that fit the model's context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summariser.documents import Document, Sentence
from summariser.models import estimate_tokens
from summariser.prompts import Call, Prompt
from summariser.schema.response import item_types

_NUMBER = 4  # tokens of a sentence number
_OVERLAP = 2  # sentences that a passage shares with the one before it
_PROMPT = 1500  # tokens reserved for the prompt and the response schema
_SHARE_OF_ANSWER = 0.7  # of the rest of a short context: an answer is longer than its passage


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request about some sentences of a document.

    Attributes:
        call: The call of the prompt.
        sentences: The sentences to send.
        focus: The sentences to answer about one by one, for a call that does so.
        is_half: True for half of a question.
        gist: True for the headline and overview of a document that is read in passages. This question is asked last,
            about the sentences that the items cite.
    """

    call: Call
    sentences: tuple[Sentence, ...]
    focus: tuple[Sentence, ...]
    is_half: bool = False
    gist: bool = False

    @property
    def halves(self) -> "tuple[Question, ...]":
        """The same question about each half of its sentences; empty if it asks for no list or cannot be split."""
        lists = any(fill.part in item_types() for fill in self.call.fills)
        whole = self.focus or self.sentences
        if not lists or len(whole) < 2 or self.is_half:
            return ()
        parts = (whole[: len(whole) // 2], whole[len(whole) // 2 :])
        if self.focus:
            return tuple(replace(self, is_half=True, focus=part) for part in parts)
        return tuple(replace(self, is_half=True, sentences=part) for part in parts)


def questions(prompt: Prompt, document: Document, *, room: int | None = None) -> list[Question]:
    """Return all requests of a prompt about a document, in order.

    A document longer than `room` is split into passages at paragraphs and sentences. Each passage begins with the end
    of the one before it. The lists are requested for each passage. The headline and overview are requested once at the
    end, from the sentences that the items cite.

    Args:
        prompt: The prompt.
        document: The document.
        room: The maximum number of document tokens in one request; None for no limit.
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
    """Split a call into one for its lists and one for its headline and overview; None for a part it lacks."""
    lists = tuple(fill for fill in call.fills if fill.part in item_types())
    prose = tuple(fill for fill in call.fills if fill.part not in item_types())
    parts = [call.model_copy(update={"fills": fills}) if fills else None for fills in (lists, prose)]
    return parts[0], parts[1]


def _passages(document: Document, room: int | None) -> Iterator[tuple[Sentence, ...]]:
    """Yield the content in passages that fit, which end between paragraphs if a paragraph ends in the last third."""
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
    """Return the estimated number of tokens of numbered sentences."""
    return sum(estimate_tokens(s.text) + _NUMBER for s in sentences)


def room_for(
    prompt: Prompt, *, context_tokens: int | None, passage_tokens: int | None, max_output_tokens: int | None = None
) -> int | None:
    """Return the number of document tokens that fit one request.

    In a context that is short for the longest answer of the prompt, the answer gets the larger share.

    Args:
        prompt: The prompt.
        context_tokens: The context length of the model; None if it is unknown.
        passage_tokens: The maximum length of a passage; None for no limit.
        max_output_tokens: The maximum length of an answer; None for that of the prompt.

    Returns:
        The number of tokens; None if there is no limit.
    """
    if context_tokens is None:
        return passage_tokens
    answer = max_output_tokens or max(call.max_output_tokens for call in prompt.calls)
    free = context_tokens - _PROMPT
    left = free - min(answer, int(free * _SHARE_OF_ANSWER))
    return left if passage_tokens is None else min(left, passage_tokens)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The estimated input tokens and the maximum output tokens of one request."""

    call: str
    input_tokens: int
    output_tokens: int


def estimates(prompt: Prompt, document: Document, *, room: int | None) -> list[Estimate]:
    """Return an estimate of each request that `ask` sends, in order.

    Further requests are sent only if an answer is cut off or invalid, or if a request fails.

    Args:
        prompt: The prompt.
        document: The document.
        room: The maximum number of document tokens in one request; None for no limit.
    """
    found = []
    for question in questions(prompt, document, room=room):
        messages = prompt.render(question.call, document, question.sentences, question.focus)
        read = sum(estimate_tokens(message.content) for message in messages) + (room or 0) * question.gist
        call = question.call
        found.append(Estimate(call=call.name, input_tokens=read, output_tokens=call.max_output_tokens))
    return found
