"""PDF: the text of the pages in reading order, without running heads, running feet and page numbers."""

from summariser.documents.readers.pdf.reader import READER

__all__ = ["READER"]
