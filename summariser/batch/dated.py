"""A day of publication for the documents of a batch that do not state one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from summariser.batch.sources import Item
from summariser.documents import Document


@dataclass(frozen=True, kw_only=True)
class DatedItem(Item):
    """One document of a batch with a day of publication that counts if neither its line nor its text has one.

    Attributes:
        otherwise: The day of publication of a document that states none.
    """

    otherwise: date

    def document(
        self, *, max_characters: int | None = None, whole_page: bool = False, private_addresses: bool = False
    ) -> Document:
        """Read the document and return it; see `Item.document`."""
        document = super().document(
            max_characters=max_characters, whole_page=whole_page, private_addresses=private_addresses
        )
        return document if document.published else replace(document, published=self.otherwise)


def dated(items: Iterable[Item], day: date) -> Iterator[Item]:
    """Yield documents, each with a day of publication that counts if the document states none.

    Args:
        items: The documents.
        day: The day.
    """
    for item in items:
        yield DatedItem(**{each.name: getattr(item, each.name) for each in fields(item)}, otherwise=day)
