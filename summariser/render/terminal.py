"""Text for a terminal that cannot change what the terminal does."""

from rich.style import Style
from rich.text import Text as _Text

from summariser.render.view import Mark
from summariser.text import printable

MARK_STYLES: dict[Mark, str] = {"✗": "bold red", "?": "yellow", "✓": "green", "~": "magenta"}
"""The style of each mark."""


class Text(_Text):
    """Rich text in which control and bidirectional format characters are escaped; line feeds stay."""

    def __init__(self, text: str = "", style: str | Style = "") -> None:
        super().__init__(printable(text, lines=True), style)

    def append(self, text: "_Text | str", style: "str | Style | None" = None) -> "Text":
        """Append text with its control characters escaped."""
        super().append(printable(text, lines=True) if isinstance(text, str) else text, style)
        return self
