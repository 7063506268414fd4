"""A Summary as Markdown."""

import re

from summariser.render.view import Line, closing_line, general_warnings, sections, tally
from summariser.schema import Summary


def to_markdown(summary: Summary) -> str:
    """The Summary as Markdown text; what the source or the model wrote is escaped, never interpreted."""
    parts = [f"# {_escape(summary.headline or summary.document.title or '(no headline)')}", _escape(summary.overview)]
    for section in sections(summary):
        if section.lines:
            parts.append(f"## {section.title}")
            parts.append("\n".join(_item(line) for line in section.lines))
    if warnings := general_warnings(summary):
        parts.append("## Warnings")
        parts.append("\n".join(f"- {_escape(warning)}" for warning in warnings))
    parts.append(f"{_escape(tally(summary))}.\n\n<small>{_escape(closing_line(summary))}</small>")
    return "\n\n".join(part for part in parts if part) + "\n"


def _item(line: Line) -> str:
    what = f": {_escape(line.what)}" if line.what else ""
    mark = "✓" if line.verified else "~ **inferred**" if line.inferred else "✗ **not verified**"
    text = f"- {mark} `{line.id}` *{line.label}* **{_escape(line.who)}**{what} — {_escape(line.where)}"
    return text + "".join(f"\n  - {_escape(warning)}" for warning in line.warnings)


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(text.split())).replace("&", "&amp;")
