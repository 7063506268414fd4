"""Limits of requests and answers, read from the text of a server's error; estimates of token counts."""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

_N = r"[`'\"(\[]*(\d+)(?![\dk])"
_LEAST = 256  # tokens; no model has a smaller limit
_OF_OUTPUT = re.compile(
    r"max_(?:completion_|output_|new_)?tokens|maxoutputtokens|max(?:imum)? tokens|"
    r"(?:completion|output|generated|new) tokens"
)
_OF_INPUT = re.compile(
    r"context|prompt|input[ _](?:tokens?|length|sequence|is|exceeds|should have)|`inputs`|\binputs? must have|"
    r"your input|(?:sequence|model) length|max_model_len|token limit|too many tokens|message.{0,20}too long|"
    r"上下文|string too long|entity too large|request too large|payload too large"
)
_OF_NEITHER = re.compile(r"context_window|too many tokens: (?=max tokens)|input should be|input validation error:")
_OF_LENGTH = re.compile(
    r"token|上下文|context[ _](?:length|size|window)|too long|(?:input|prompt) length|too large|max_model_len"
)
_TOO_LONG = re.compile(
    r"too (?:long|large|many|high|big)|exceed|at most|maximum|(?:less|lower|fewer|greater|higher|more|longer) than|"
    r"range|limit|exceed|≤|smaller than|\[\d+, ?\d+|höchstens|<=|>|overflow|fewer|between|capped|up to|"
    r"取值范围|最大|超长|超过|超出"
)

# Each pattern finds one number; the first match counts. All are wordings of servers from public reports.
_CONTEXT = (
    rf"context[ _](?:length|size|window)(?: is| of)?(?: only)?[ :(=]*{_N}",
    rf"context[ _](?:length|size|window)[^.\d]{{0,40}}{_N} tokens",
    rf"available context size {_N}",
    rf"上下文(?:长度|窗口)[^\d]{{0,6}}{_N}",
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
_OUTPUT = (
    rf"at most {_N}",
    rf"(?:less|lower|fewer) than or equal to {_N}",
    rf"<= {_N}",
    rf"\[\d+, ?{_N}[\])]",
    rf"between \d+ and {_N}",
    rf"from \d+ (?:\(inclusive\) )?to {_N}",
    rf"(?:up to|no more than|greater than|capped at|higher than|exceeds?|lower than|less than|fewer than) {_N}",
    rf"(?:limit|maximum)(?: value)?(?: of| is|:)? {_N}",
    rf"> {_N}",
)
_EXCLUSIVE = re.compile(r"exclusive|(?:less|lower|fewer) than(?! or equal)|\[\d+, ?\d+\)")
_A_NUMBER = re.compile(r"(?<![\w.-])(?<!code: )(?<!code )(?<!http )(?<!status )(\d{3,})(?![\w-])")


class Limits(NamedTuple):
    """The numbers in an error, in tokens: the limit of the answer, the context, and the length of the request."""

    output: int | None
    context: int | None
    input: int | None


def is_about_length(text: str) -> bool:
    """Return True if an error's text, in lower case, says that a request or an answer is too long."""
    bare = _OF_NEITHER.sub(" ", text)
    about = (_OF_OUTPUT.search(bare) or _OF_INPUT.search(bare)) and _OF_LENGTH.search(text)
    return bool(about and _TOO_LONG.search(text)) or "context_length_exceeded" in text


def blames_input(text: str) -> bool:
    """Return True if an error's text, in lower case, is about the length of the request, not only of the answer."""
    return _OF_INPUT.search(_OF_NEITHER.sub(" ", text)) is not None


def limits_in(text: str, *, asked: int) -> Limits:
    """Return the limits in the text of an error.

    Args:
        text: The text of the error, in lower case.
        asked: The limit of the answer in the request, in tokens.
    """
    plain = re.sub(r"(?<=\d)[,_](?=\d{3}\b)", "", text)
    if _OF_OUTPUT.search(plain) and not blames_input(plain):
        return Limits(_output(plain, asked), None, None)
    return Limits(None, _first(_CONTEXT, plain, but=asked), _first(_INPUT, plain))


def _output(text: str, asked: int) -> int | None:
    """Return the limit of an answer from an error about nothing else: a number in a usual wording, else any number."""
    found = _first(_OUTPUT, text, but=asked)
    if found is None or found > asked:
        found = max((int(each) for each in _A_NUMBER.findall(text) if _LEAST <= int(each) < asked), default=None)
    return found - 1 if found is not None and _EXCLUSIVE.search(text) else found


def _first(patterns: Iterable[str], text: str, *, but: int | None = None) -> int | None:
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            if int(match[1]) >= _LEAST and int(match[1]) != but:
                return int(match[1])
    return None


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def estimate_tokens(text: str) -> int:
    """Return an estimate of the tokens of a text: one for every four bytes of UTF-8, rounded up."""
    return -(-len(text.encode()) // 4)


def estimate_input(wire: dict[str, Any]) -> int:
    """Return an estimate of the tokens of a request, schema included."""
    texts = "".join(str(message.get("content")) for message in wire.get("messages", ()))
    return estimate_tokens(texts) + estimate_tokens(json.dumps(wire.get("response_format") or ""))


_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


_ROW = re.compile(r"([^\w\s])\1{2,}")  # such as dashes, which are few tokens
_LONGEST_TOKEN = 6  # characters; no usual tokenizer has a longer average in any language


def fewest_tokens(wire: dict[str, Any]) -> int:
    """Return the least number of tokens that the messages of a request have in any usual tokenizer.

    No usual tokenizer joins words across a space, so there is at least one token for each word, and one for each six
    characters; in scripts without spaces there is at least one for each three characters.
    """
    texts = _ROW.sub(r"\1", " ".join(str(message.get("content")) for message in wire.get("messages", ())))
    unspaced = len(_UNSPACED.findall(texts))
    words = _UNSPACED.sub(" ", texts).split()
    return max(len(words), len(" ".join(words)) // _LONGEST_TOKEN) + unspaced // 3
