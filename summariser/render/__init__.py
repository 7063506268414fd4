"""Renderings of a Summary for people: text for a terminal and Markdown for a page, both made from a View."""

from summariser.render.markdown import to_markdown
from summariser.render.view import Line, Section, View

__all__ = ["Line", "Section", "View", "to_markdown"]
