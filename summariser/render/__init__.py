"""Renderings of a Summary for people: text for a terminal and Markdown for a page, both made from a View."""

from summariser.render.markdown import to_markdown
from summariser.render.view import MARK_NAMES, MARKS, Line, Mark, Section, View

__all__ = ["MARKS", "MARK_NAMES", "Line", "Mark", "Section", "View", "to_markdown"]
