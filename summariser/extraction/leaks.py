"""Remove text that repeats the prompt from answers."""

import re

from summariser.documents import Document
from summariser.prompts import Prompt
from summariser.schema import Draft

_LEAKED = 8  # consecutive words that occur in the prompt but not in the document


def without_leaks(draft: Draft, prompt: Prompt, document: Document) -> tuple[Draft, list[tuple[str, str]]]:
    """Return the Draft without items and texts that repeat the prompt.

    Args:
        draft: The answers of the model.
        prompt: The prompt.
        document: The document; its own words are not treated as repeated.

    Returns:
        The Draft, and notes about what was removed, as warning codes and messages.
    """
    prompt_runs = _runs_of_words(" ".join((prompt.system, *(call.task for call in prompt.calls))))
    prompt_runs -= _runs_of_words(document.text)
    notes: list[tuple[str, str]] = []

    def leaks(value: object) -> bool:
        return not prompt_runs.isdisjoint(_runs_of_words(str(value)))

    kept: dict[str, object] = {}
    for name in type(draft).model_fields:
        value = getattr(draft, name)
        kept[name] = [v for v in value if not leaks(v)] if isinstance(value, list) else "" if leaks(value) else value
        if kept[name] != value:
            notes.append(("prompt_leaked", f"Some of the {name} repeated the prompt's words; they were left out."))
    return draft.model_copy(update=kept), notes


def _runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {tuple(words[start : start + _LEAKED]) for start in range(len(words) - _LEAKED + 1)}
