"""Convert the spans of a quotation to Evidence."""

from summariser.documents import Document
from summariser.grounding.found import Found
from summariser.schema import Evidence


def evidence_of(found: Found, document: Document) -> tuple[Evidence, ...]:
    """Return one Evidence for each span, or one without a place if there is no span.

    Args:
        found: A quotation, or cited sentences, as they were found in the source.
        document: The source.
    """
    difference = None if found.good else found.reason
    if not found.spans:
        return (Evidence(sentences=(), start=None, end=None, text=None, match=found.match, difference=difference),)
    return tuple(
        Evidence(
            sentences=document.at(start, end),
            start=start,
            end=end,
            text=document.text[start:end],
            match=found.match,
            difference=difference,
        )
        for start, end in found.spans
    )
