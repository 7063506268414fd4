"""What is written over the pages of a PDF: the values of form fields, and text in boxes (FreeText annotations)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_UNSEEN = 2 | 32  # the flags of annotations that are hidden or shown in print alone


def page_with_fields(document: "PdfDocument", index: int) -> tuple[Any, int]:
    """Return a page with the text of its fields and boxes as part of it, and the number of those without a shape.

    Args:
        document: A document of pypdfium2, whose forms are initialised.
        index: The number of the page, from 0.

    Raises:
        pypdfium2.PdfiumError: The page is damaged.
    """
    import pypdfium2.raw as pdfium

    page = document[index]
    shapes = shapeless = 0
    for number in reversed(range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
        is_text = _is_text(document, annotation)
        has_shape = bool(pdfium.FPDFAnnot_HasKey(annotation, b"AP"))
        shapeless += is_text and not has_shape and _has_words(annotation)
        shapes += is_text and has_shape
        pdfium.FPDFPage_CloseAnnot(annotation)
        if not is_text:  # notes, stamps and links, whose shapes are no text of the page
            pdfium.FPDFPage_RemoveAnnot(page.raw, number)
    if shapes and pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
        page.close()
        page = document[index]
    elif shapes:
        shapeless += shapes
    return page, shapeless


def _is_text(document: "PdfDocument", annotation: Any) -> bool:
    """Return True if an annotation is a box with text, or a field other than a button that starts something."""
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return False
    if kind != pdfium.FPDF_ANNOT_WIDGET or document.formenv is None:
        return kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)
    field = pdfium.FPDFAnnot_GetFormFieldType(document.formenv.raw, annotation)
    return bool(field != pdfium.FPDF_FORMFIELD_PUSHBUTTON)


def _has_words(annotation: Any) -> bool:
    """Return True if an annotation has a value or words; an empty string is a mark of two bytes."""
    import pypdfium2.raw as pdfium

    return any(pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0) > 2 for key in (b"V", b"Contents"))
