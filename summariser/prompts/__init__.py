"""Versions of the prompts in the folder `prompts/`: load, render and release them."""

from summariser.prompts.library import (
    Library,
    library,
    library_to_release,
    load,
    load_file,
    require_released_text,
)
from summariser.prompts.lock import LOCK
from summariser.prompts.models import Call, Message, Prompt, StepPrompt, numbered

__all__ = [
    "LOCK",
    "Call",
    "Library",
    "Message",
    "Prompt",
    "StepPrompt",
    "library",
    "library_to_release",
    "load",
    "load_file",
    "numbered",
    "require_released_text",
]
