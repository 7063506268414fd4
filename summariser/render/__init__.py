"""A Summary for people: a View in words, as text for a terminal and as Markdown for a page."""

from summariser.render.markdown import to_markdown
from summariser.render.view import Line, Section, View

__all__ = ["Line", "Section", "View", "to_markdown"]
