"""Renderings of a Summary for people: text for a terminal, Markdown and an HTML page, all made from a View."""

from summariser.render.markdown import to_markdown
from summariser.render.view import (
    MARK_NAMES,
    MARKS,
    Article,
    Cell,
    Finding,
    Line,
    Mark,
    Section,
    SourceSentence,
    View,
    in_marks,
)

__all__ = [
    "MARKS",
    "MARK_NAMES",
    "Article",
    "Cell",
    "Finding",
    "Line",
    "Mark",
    "Section",
    "SourceSentence",
    "View",
    "in_marks",
    "to_markdown",
]
