"""Limits: what a server says about the longest request and answer that it takes, read off its error."""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

_N = r"[`'\"(\[]*(\d+)"
_OF_OUTPUT = re.compile(
    r"max_(?:completion_|output_|new_)?tokens|maxoutputtokens|max(?:imum)? tokens|"
    r"(?:completion|output|generated|new) tokens"
)
_OF_INPUT = re.compile(
    r"context|prompt|input|(?:sequence|model) length|max_model_len|token limit|too many tokens|message.{0,20}too long|"
    r"entity too large|request too large"
)
_OF_LENGTH = re.compile(
    r"token|context[ _](?:length|size|window)|too long|(?:input|prompt) length|too large|max_model_len"
)
_TOO_LONG = re.compile(
    r"too (?:long|large|many)|exceed|at most|maximum|less than|lower than|range|limit|<=|>|overflow|fewer"
)

# Each of these finds one number; the first that matches counts. Every one is the wording of a server in public reports.
_CONTEXT = (
    rf"context[ _](?:length|size|window)(?: is| of)?(?: only)?[ :(=]*{_N}",
    rf"context[ _](?:length|size|window)[^.\d]{{0,40}}{_N} tokens",
    rf"available context size {_N}",
    rf"{_N} (?:tokens )?(?:maximum|max) context",
    rf"context limit: \d+ \+ \d+ > {_N}",
    rf"max_model_len[^\d]{{0,12}}{_N}",
    rf"n_ctx[^\d]{{0,6}}{_N}",
    rf"tokens > {_N} maximum",
    rf"maximum prompt length is {_N}",
    rf"maximum (?:number of tokens|input length|input tokens)[^\d]{{0,20}}{_N}",
    rf"max_new_tokens`? must be <= {_N}",
    rf"token limit:? {_N}",
    rf"input length should be \[\d+, ?{_N}",
    rf"less than {_N} tokens",
    rf"limit:? {_N}, requested",
    rf"maximum (?:allowed|supported)?[^\d.]{{0,30}}{_N}",
)
_INPUT = (
    rf"{_N}\+? input tokens",
    rf"{_N} in the messages",
    rf"{_N} of text input",
    rf"messages resulted in {_N}",
    rf"prompt (?:contains|has|is) {_N}",
    rf"prompt is too long: {_N}",
    rf"request \(?{_N} tokens",
    rf"given: {_N} `inputs`",
    rf"n_prompt_tokens[^\d]{{0,6}}{_N}",
    rf"limit: {_N} \+ \d+ >",
    rf"(?:token count|length) \(?{_N}\)? exceeds",
    rf"request contains {_N}",
    rf"first {_N} tokens",
)
_EXCLUSIVE = re.compile(r"exclusive|(?:less|lower|fewer) than(?! or equal)")


class Limits(NamedTuple):
    """What an error says, in tokens: the longest answer, the context, and how long the request was."""

    output: int | None
    context: int | None
    input: int | None


def is_about_length(text: str) -> bool:
    """Return True if an error's text, in lower case, says that a request or an answer is too long."""
    about = (_OF_OUTPUT.search(text) or _OF_INPUT.search(text)) and _OF_LENGTH.search(text)
    return bool(about and _TOO_LONG.search(text)) or "context_length_exceeded" in text


def blames_input(text: str) -> bool:
    """Return True if an error's text, in lower case, speaks of the request's length, not of the answer's alone."""
    return _OF_INPUT.search(text) is not None


def limits_in(text: str, *, asked: int) -> Limits:
    """Return what an error's text, in lower case, says about limits.

    Args:
        text: the error's text.
        asked: how many tokens the answer might have had.
    """
    plain = re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", text)
    if _OF_OUTPUT.search(plain) and not _OF_INPUT.search(re.sub(r"context_window|context window", "", plain)):
        return Limits(_output(plain, asked), None, None)
    return Limits(None, _first(_CONTEXT, plain, but=asked), _first(_INPUT, plain))


def _output(text: str, asked: int) -> int | None:
    """Return the largest number below what was asked for: the limit, where only the answer is spoken of."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    found = max((number for number in numbers if 1 < number < asked), default=None)
    return found - 1 if found is not None and _EXCLUSIVE.search(text) else found


def _first(patterns: Iterable[str], text: str, *, but: int | None = None) -> int | None:
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            if int(match[1]) not in (but, 0):
                return int(match[1])
    return None


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def estimate_tokens(text: str) -> int:
    """About how many tokens a text is: one for every four bytes of UTF-8, rounded up."""
    return -(-len(text.encode()) // 4)


def estimate_input(wire: dict[str, Any]) -> int:
    """About how many tokens a request is, its schema included."""
    texts = "".join(str(message.get("content")) for message in wire.get("messages", ()))
    return estimate_tokens(texts) + estimate_tokens(json.dumps(wire.get("response_format") or ""))


_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def fewest_tokens(wire: dict[str, Any]) -> int:
    """At least how many tokens the messages of a request are in any model's count.

    No usual tokenizer joins words across a space, so there is a token for each word; of scripts without spaces, one for
    each three characters.
    """
    texts = " ".join(str(message.get("content")) for message in wire.get("messages", ()))
    unspaced = len(_UNSPACED.findall(texts))
    return len(_UNSPACED.sub(" ", texts).split()) + unspaced // 3
