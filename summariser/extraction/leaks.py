"""Answers that repeat the prompt's own words."""

import re

from summariser.documents import Document
from summariser.prompts import Prompt
from summariser.schema import Draft

_LEAKED = 8  # words in a row that stand in the prompt and not in the document


def without_leaks(draft: Draft, prompt: Prompt, document: Document) -> tuple[Draft, list[tuple[str, str]]]:
    """Return the Draft without whatever repeats the prompt's own words, and notes (code, sentence) that say so."""
    told = _runs_of_words(" ".join((prompt.system, *(call.task for call in prompt.calls))))
    told -= _runs_of_words(document.text)
    notes: list[tuple[str, str]] = []

    def leaks(value: object) -> bool:
        return not told.isdisjoint(_runs_of_words(str(value)))

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
