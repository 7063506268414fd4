"""A View as Markdown."""

import re

from summariser.render.brief import BriefLine, in_brief, signs
from summariser.render.view import MARK_NAMES, Line, View, in_marks


def to_markdown(view: View, *, full: bool = False) -> str:
    """Return a View as Markdown text; the words of the source and of the model are escaped.

    Args:
        view: The View.
        full: True for every item with its id and its reason, and every warning; False for a text to send.
    """
    parts = [f"# {_escape(view.headline)}", _escape(" · ".join(view.facts)), _escape(view.overview)]
    parts += _full(view) if full else _brief(view)
    parts.append(f"<small>{_escape(view.closing if full else view.made_by)}</small>")
    return "\n\n".join(part for part in parts if part) + "\n"


def _brief(view: View) -> list[str]:
    parts = []
    for section in in_brief(view):
        parts += [f"## {section.heading}", "\n".join(map(_brief_item, section.lines))]
    parts += [f"Note: {_escape(warning)}" for warning in view.telling]
    counts = "; ".join((view.tally.rstrip("."), *view.counted))
    return [*parts, f"{_escape(counts)}.", _escape(signs(view))]


def _brief_item(line: BriefLine) -> str:
    what = f": {_escape(line.what)}" if line.what else ""
    due = f" – {line.due}" if line.due else ""
    text = f"- {_escape(line.mark)} *{line.label}* **{_escape(line.who)}**{what}{due} {_escape(line.where)}"
    beneath = [_escape(in_marks(line.quote))] if line.quote else []
    beneath += [f"*{_escape(line.remark)}*"] if line.remark else []
    return text + "".join(f"  \n  {each}" for each in beneath)


def _full(view: View) -> list[str]:
    parts = []
    for section in view.sections:
        if section.lines:
            parts += [f"## {section.heading}", "\n".join(map(_item, section.lines))]
    if view.warnings:
        parts += ["## Warnings", "\n".join(f"- {_escape(warning)}" for warning in view.warnings)]
    return [*parts, f"**{_escape(view.tally)}**", "\n".join(f"- {_escape(meaning)}" for meaning in view.legend)]


def _item(line: Line) -> str:
    what = f": {_escape(line.what)}" if line.what else ""
    mark = line.mark if line.mark == "✓" else f"{_escape(line.mark)} **{MARK_NAMES[line.mark]}**"
    due = f" – {line.due}" if line.due else ""
    text = f"- {mark} `{line.id}` *{line.label}* **{_escape(line.who)}**{what}{due} — {_escape(line.where)}"
    return text + "".join(f"\n  - {_escape(note)}" for note in (line.reason, *line.notes) if note)


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(text.split())).replace("&", "&amp;")


escape = _escape
