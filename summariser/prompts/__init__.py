"""Prompts: versions of the texts in the folder `prompts/`, loaded, rendered, identified and locked."""

from summariser.prompts.library import (
    LOCK,
    Call,
    Library,
    Message,
    Pass,
    Prompt,
    library,
    library_to_release,
    load,
    load_file,
    numbered,
    require_released_text,
)

__all__ = [
    "LOCK",
    "Call",
    "Library",
    "Message",
    "Pass",
    "Prompt",
    "library",
    "library_to_release",
    "load",
    "load_file",
    "numbered",
    "require_released_text",
]
