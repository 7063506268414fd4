"""Write the results of a batch as a folder of HTML pages with an index."""

import re
from pathlib import Path

from summariser.batch.results import Result
from summariser.errors import ConfigurationError, code_of
from summariser.render.page import IndexEntry, to_index

_NAME = 60  # characters of a source's name in the name of its page


class Pages:
    """Writes a page for each result into a folder; `close` writes index.html.

    A page is named by the place of its document in the input and the name of its source, so that the same run writes
    the same files.

    Args:
        folder: The folder; it is made if it does not exist.

    Raises:
        ConfigurationError: The folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries: dict[int, IndexEntry] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(folder, error) from None

    def write(self, result: Result) -> None:
        """Write the page of one result; a result without a summary has only a line in the index."""
        summary, page = result.summary, ""
        if summary is not None:
            page = f"{result.number + 1:05}-{_slug(result.source)}.html"
            self._write(page, summary.to_html())
        view = summary.view() if summary is not None else None
        self._entries[result.number] = IndexEntry(
            source=result.source,
            page=page,
            headline=view.headline if view else "",
            published=str(summary.document.published or "") if summary is not None else "",
            tally=view.tally if view else "",
            status=result.status,
            error=f"{code_of(result.error)}: {result.error}" if result.error else "",
        )

    def close(self) -> None:
        """Write the index of all pages, in the order of the input."""
        self._write("index.html", to_index([entry for _, entry in sorted(self._entries.items())]))

    def _write(self, name: str, text: str) -> None:
        path = self._folder / name
        part = path.with_name(f".{name}.part")
        try:
            part.write_text(text, "utf-8", "backslashreplace")
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _cannot_write(path, error) from None


def _slug(source: str) -> str:
    """Return the last part of a source's name with characters that every file system allows."""
    name = re.sub(r"\.\w{1,8}$", "", source.replace("\\", "/").rstrip("/").rpartition("/")[2])
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:_NAME] or "document"


def _cannot_write(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be written ({error.strerror}); give a folder that can as the argument output."
    )
