"""A Model with a queue: what stands for the network in tests."""

import json
from collections.abc import Sequence

from openai.types.chat import ChatCompletion

from summariser import events
from summariser.models.client import Model, Wire


def completion(
    answer: object, *, finish: str = "stop", read: int = 100, wrote: int = 20, cached: int = 0
) -> ChatCompletion:
    """A provider's answer whose content is the JSON of `answer` (a str as it is)."""
    return ChatCompletion.model_validate(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "fake",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {
                        "role": "assistant",
                        "content": answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False),
                    },
                }
            ],
            "usage": {
                "prompt_tokens": read,
                "completion_tokens": wrote,
                "total_tokens": read + wrote,
                "prompt_tokens_details": {"cached_tokens": cached},
            },
        }
    )


class Queue:
    """A transport that gives its answers in order and remembers what it was asked; an exception is raised."""

    def __init__(self, answers: Sequence[object]) -> None:
        self.answers = list(answers)
        self.asked: list[Wire] = []

    def __call__(self, wire: Wire, listener: events.Listener) -> ChatCompletion:
        self.asked.append(wire)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, ChatCompletion) else completion(answer)


def model(*answers: object, name: str = "openai/fake", context_tokens: int | None = None) -> tuple[Model, Queue]:
    """A Model that gives these answers in order, and the queue to look into afterwards."""
    queue = Queue(answers)
    return Model(name=name, transport=queue, retry_seconds=0, context_tokens=context_tokens), queue
