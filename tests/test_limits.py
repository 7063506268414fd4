"""Limits: what servers say about the longest request and answer, in their own words."""

import pytest

from summariser.models.capabilities import Capabilities, Known, Rejection, adapted, lesson
from summariser.models.context_limits import Limits, fewest_tokens, is_about_length, limits_in

ASKED = 100_000
_MESSAGES = [
    ("max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.", Limits(16384, None, None)),
    ("`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model", Limits(8191, None, None)),
    ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", Limits(8192, None, None)),
    ("max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for this model", Limits(64000, None, None)),
    ("Range of max_tokens should be [1, 8192]", Limits(8192, None, None)),
    ("Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive).", Limits(65536, None, None)),
    ("The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.", Limits(4095, None, None)),
    ("This model's maximum context length is 8192 tokens. However, you requested 103000 tokens (3000 in the messages, 100000 in the completion).", Limits(None, 8192, 3000)),
    ("This model's maximum context length is 128,000 tokens. However, your messages resulted in 130,512 tokens.", Limits(None, 128_000, 130_512)),
    ("'max_tokens' or 'max_completion_tokens' is too large: 100000. This model's maximum context length is 8192 tokens and your request has 2200 input tokens (100000 > 8192 - 2200).", Limits(None, 8192, 2200)),
    ("You passed 9001 input tokens and requested 100000 output tokens. However, the model's context length is only 8192 tokens, resulting in a maximum input length of 2192 tokens.", Limits(None, 8192, 9001)),
    ("prompt is too long: 210000 tokens > 200000 maximum", Limits(None, 200_000, 210_000)),
    ("input length and `max_tokens` exceed context limit: 190000 + 100000 > 200000, decrease input length or `max_tokens` and try again", Limits(None, 200_000, 190_000)),
    ("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", Limits(None, 32_768, 40_000)),
    ("`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 3000 `inputs` tokens and 100000 `max_new_tokens`", Limits(None, 4097, 3000)),
    ("The prompt is too long: 9000, model maximum context length: 8191", Limits(None, 8191, 9000)),
    ("request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it", Limits(None, 4096, 9000)),
    ("Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens", Limits(None, 4096, 5000)),
    ("Range of input length should be [1, 30720]", Limits(None, 30_720, None)),
    ("Invalid request: Your request exceeded model token limit: 8192", Limits(None, 8192, None)),
    ("The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).", Limits(None, 1_048_576, 1_048_577)),
    ("This model's maximum prompt length is 131072 but the request contains 140000 tokens.", Limits(None, 131_072, 140_000)),
    ("Input validation error: `inputs` must have less than 4096 tokens. Given: 5000", Limits(None, 4096, None)),
    ("Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 8000, please reduce your message size", Limits(None, 6000, None)),
    ("This endpoint's maximum context length is 32768 tokens. However, you requested about 134000 tokens (34000 of text input, 100000 in the output).", Limits(None, 32_768, 34_000)),
    ("[{'type': 'less_than_equal', 'loc': ('body', 'max_tokens'), 'msg': 'Input should be less than or equal to 4096', 'input': 100000}]", Limits(4096, None, None)),
    ("Input validation error: `max_new_tokens` must be <= 4096. Given: 100000", Limits(4096, None, None)),
    ("too many tokens: max tokens must be less than or equal to 4096, the maximum output length for this model", Limits(4096, None, None)),
    ("max_tokens must be between 1 and 4096", Limits(4096, None, None)),
    ("max_tokens cannot be greater than 4096", Limits(4096, None, None)),
    ("max_tokens may be no more than 4096", Limits(4096, None, None)),
    ("The number of output tokens is capped at 4096, max_tokens is higher than that", Limits(4096, None, None)),
    ("This model supports up to 4096 output tokens (request id: 5f3c5523-5813-4f1e)", Limits(4096, None, None)),
    ("max_tokens 参数取值范围[1,4095]", Limits(4095, None, None)),
    ("max_tokens must be in the range [1, 4097)", Limits(4096, None, None)),
    ("OpenAIException - Error code: 400 - max_tokens is too large for this model", Limits(None, None, None)),
    ("Your input exceeds the context window of this model. Please adjust your input and try again.", Limits(None, None, None)),
    ("max_tokens is too large for this model", Limits(None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("message", "found"), _MESSAGES, ids=lambda value: str(value)[:40])
def test_a_limit_is_read_off_the_servers_words(message: str, found: Limits) -> None:
    text = message.casefold()
    assert is_about_length(text)
    assert limits_in(text, asked=ASKED) == found


@pytest.mark.parametrize(
    "message",
    [
        "Invalid schema for response_format 'Answer': In context=('properties', 'headline'), 'maxLength' is not permitted.",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "The specified schema produces a constraint that has too many states for serving.",
        "Incorrect API key provided.",
        "The model `gpt-9` does not exist or you do not have access to it.",
        "temperature must be at most 1",
    ],
)
def test_other_rejections_are_not_about_length(message: str) -> None:
    assert not is_about_length(message.casefold())


# ── what follows from it ─────────────────────────────────────────────────────────────────────────

WIRE = {
    "model": "x",
    "messages": [{"role": "user", "content": "A word. " * 700}],
    "max_tokens": 6000,
    "response_format": {"type": "json_schema", "json_schema": {"name": "Answer", "schema": {"type": "object"}}},
    "temperature": 0.0,
}


def negotiated(*messages: str, status: int = 400) -> tuple[dict[str, object], Capabilities, bool]:
    """What is asked for after a server's rejections, what is known then, and whether the text fits."""
    known, fits = Capabilities(), True
    for message in messages:
        found = lesson(Rejection(status, message.casefold()), WIRE, adapted(WIRE, known), known)
        assert found is not None
        known, fits = found.capabilities, found.fits
    return adapted(WIRE, known), known, fits


def test_the_answer_is_made_to_fit_the_context_by_the_servers_own_count() -> None:
    said = "This model's maximum context length is 8192 tokens and your request has 3000 input tokens"
    sent, known, fits = negotiated(said)
    assert fits and 5000 < sent["max_tokens"] <= 8192 - 3000  # type: ignore[operator]
    assert (known.context_tokens, known.max_output_tokens) == (8192, None)


def test_a_server_that_refuses_what_it_said_it_would_take_is_asked_for_half() -> None:
    said = "This model's maximum context length is 8192 tokens and your request has 3000 input tokens"
    first, _, _ = negotiated(said)
    second, _, _ = negotiated(said, said)
    assert second["max_tokens"] == first["max_tokens"] // 2  # type: ignore[operator]


def test_a_text_that_leaves_no_room_for_an_answer_does_not_fit() -> None:
    _, known, fits = negotiated("the request exceeds the available context size (1500 tokens)")
    assert (fits, known.context_tokens) == (False, 1500)


def test_what_is_learned_by_several_threads_adds_up_and_the_narrower_limit_counts() -> None:
    known = Known()
    known.learn(
        Capabilities(left_out=frozenset({"seed"}), max_output_tokens=8000, schema_form="json_object"), sent_by=known.now
    )
    known.learn(
        Capabilities(left_out=frozenset({"temperature"}), max_output_tokens=4000, context_tokens=9000),
        sent_by=known.now,
    )
    assert known.now == Capabilities(
        left_out=frozenset({"seed", "temperature"}),
        max_output_tokens=4000,
        context_tokens=9000,
        schema_form="json_object",
    )


def test_only_so_many_limits_are_guessed() -> None:
    known = Known()
    assert [known.learn(Capabilities(), sent_by=known.now, guessed=True) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("text", "at_least", "at_most"),
    [
        ("The harbour board met. " * 100, 400, 400),
        ("Donaudampfschifffahrtsgesellschaft " * 100, 580, 585),
        ("東京都は港湾計画を発表した。" * 100, 400, 470),
        ("", 0, 0),
    ],
)
def test_a_text_has_at_least_a_token_for_each_word(text: str, at_least: int, at_most: int) -> None:
    assert at_least <= fewest_tokens({"messages": [{"role": "user", "content": text}]}) <= at_most
