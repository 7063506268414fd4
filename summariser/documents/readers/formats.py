"""The list of the readers of this package."""

from summariser.documents.readers import captions, mail, markdown, office, pages, pdf, plain_text, refused_formats, rtf

BUILT_IN = (
    pdf.READER,
    office.WORD,
    office.OPEN_DOCUMENT,
    rtf.READER,
    *captions.READERS,
    refused_formats.READER,
    mail.READER,
    pages.READER,
    markdown.READER,
    plain_text.READER,
)
