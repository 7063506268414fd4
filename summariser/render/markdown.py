"""A View as Markdown."""

import re

from summariser.render.view import MARK_NAMES, Line, View


def to_markdown(view: View) -> str:
    """Return a View as Markdown text; the words of the source and of the model are escaped."""
    parts = [f"# {_escape(view.headline)}", _escape(view.overview)]
    for section in view.sections:
        if section.lines:
            parts.append(f"## {section.heading}")
            parts.append("\n".join(_item(line) for line in section.lines))
    if view.warnings:
        parts.append("## Warnings")
        parts.append("\n".join(f"- {_escape(warning)}" for warning in view.warnings))
    parts.append(f"**{_escape(view.tally)}**")
    parts.append("\n".join(f"- {_escape(meaning)}" for meaning in view.legend))
    parts.append(f"<small>{_escape(view.closing)}</small>")
    return "\n\n".join(part for part in parts if part) + "\n"


def _item(line: Line) -> str:
    what = f": {_escape(line.what)}" if line.what else ""
    mark = line.mark if line.mark == "✓" else f"{_escape(line.mark)} **{MARK_NAMES[line.mark]}**"
    text = f"- {mark} `{line.id}` *{line.label}* **{_escape(line.who)}**{what} — {_escape(line.where)}"
    return text + "".join(f"\n  - {_escape(note)}" for note in (line.reason, *line.notes) if note)


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(text.split())).replace("&", "&amp;")


escape = _escape
