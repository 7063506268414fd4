"""Convert the spans of a quotation to Evidence, and the findings of the rules to Checks."""

from collections.abc import Collection, Iterable

from summariser.documents import Document, link_to
from summariser.grounding.checks import Finding, contradicted
from summariser.grounding.found import Found
from summariser.schema import Check, Evidence, Location, Origin


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
            location=_location(document, start, end),
        )
        for start, end in found.spans
    )


def _location(document: Document, start: int, end: int) -> Location | None:
    """Return where a span of the text begins in its file or page, or None for plain text."""
    place = document.place(start)
    link = link_to(document.address, document.text[start:end], place) if document.address else None
    if place is None:
        return Location(link=link) if link else None
    return Location(page=place.page, time=place.time, part=place.part, heading=place.heading, link=link)


def check_of(
    field: str, finding: Finding, document: Document, *, given_by: Origin = "model", change: str = ""
) -> Check:
    """Return a finding as the Check of a field.

    Args:
        field: The name of the field.
        finding: What the source says of it.
        document: The source.
        given_by: Who gave the field its value.
        change: What code changed in the value, as a sentence.
    """
    start, end = finding.spans[0] if finding.spans else (None, None)
    return Check(
        field=field,
        outcome=finding.outcome,
        reason=finding.reason,
        sentences=tuple(sorted({number for span in finding.spans for number in document.at(*span)})),
        start=start,
        end=end,
        text=None if start is None else document.text[start:end],
        given_by=given_by,
        change=change,
    )


def check_of_orders(evidence: Iterable[Evidence], injected: Collection[int], document: Document) -> Check | None:
    """Return the Check that refutes a claim whose evidence gives orders to the reader's software, or None.

    Args:
        evidence: The evidence of the claim.
        injected: The numbers of the sentences that give such orders.
        document: The source.
    """
    if not any(number in injected for each in evidence for number in each.sentences):
        return None
    finding = contradicted("It rests on a sentence that addresses the reader's software.")
    return check_of("evidence", finding, document, given_by="code")
