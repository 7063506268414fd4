"""Convert the spans of a verdict to Evidence."""

from summariser.documents import Document
from summariser.grounding.found import Found
from summariser.schema import Evidence


def evidence_of(found: Found, document: Document) -> tuple[Evidence, ...]:
    """Return one Evidence for each span of a verdict, or one without a place if the verdict has no span.

    Args:
        found: The verdict.
        document: The source.
    """
    if not found.spans:
        return (Evidence(sentences=(), start=None, end=None, text=None, verdict=found.verdict),)
    return tuple(
        Evidence(
            sentences=document.at(start, end),
            start=start,
            end=end,
            text=document.text[start:end],
            verdict=found.verdict,
        )
        for start, end in found.spans
    )
