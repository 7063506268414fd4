"""The list of the readers of this package."""

from summariser.documents.readers import (
    captions,
    mail,
    markdown,
    office,
    pdf,
    plain_text,
    refused_formats,
    rtf,
    web_pages,
)

BUILT_IN = (
    pdf.READER,
    office.WORD,
    office.OPEN_DOCUMENT,
    rtf.READER,
    *captions.READERS,
    refused_formats.READER,
    mail.READER,
    web_pages.READER,
    markdown.READER,
    plain_text.READER,
)
