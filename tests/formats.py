"""Small files of every format that is read, made here; their texts are invented."""

import gzip
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage

AGREED = "The Marlow Harbour Board agreed on Tuesday to raise ferry crews’ pay by 4 per cent from 1 July."
PLEDGED = "The Ferry Workers’ Union pledged to suspend all industrial action if the board signs by Friday."
WARNED = "Tom Reyes warned that the timetable could collapse without new boats."
OPPOSED = "The Islanders’ Association opposed the deal and said that it would push up fares."
SENTENCES = (AGREED, PLEDGED, WARNED, OPPOSED)

PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Board and union reach deal | Marlow Gazette</title>
<meta property="article:published_time" content="2025-03-12T09:30:00Z"><meta name="author" content="Ines Falk">
<style>.nav{{display:none}}</style><script>gtag('consent', 'update')</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<div class="cookie-banner"><p>We use cookies to improve your visit.</p><button>Accept all</button></div>
<article><h1>Board and union reach deal</h1>
<p>{AGREED}</p><p>{PLEDGED}</p><h2>What comes next</h2>
<p>{WARNED} {OPPOSED}</p><p>Asked whether it would cut services, the board said:</p><p>No.</p></article>
<section id="comments"><h3>Comments</h3><div class="comment"><p>A scandal, says a reader at length.</p></div></section>
<footer>&copy; 2025 Marlow Gazette. All rights reserved.</footer></body></html>
"""


def mail(
    text: str | None = None,
    *,
    page: str | None = None,
    attached: Iterable[str] = (),
    subject: str = "Statement: the board’s offer",
    charset: str = "utf-8",
    encoding: str | None = None,
) -> bytes:
    """A mail with a text, an HTML alternative and attachments."""
    message = EmailMessage()
    message["From"] = "Press Office <press@example.org>"
    message["Message-ID"] = "<1@example.org>"
    message["Subject"] = subject
    message["Date"] = "Wed, 12 Mar 2025 09:30:00 +0000"
    if text is not None:
        message.set_content(text, charset=charset, cte=encoding)
    if page is not None and text is None:
        message.set_content(page, subtype="html")
    elif page is not None:
        message.add_alternative(page, subtype="html")
    for name in attached:
        message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def pdf(pages: Iterable[Iterable[tuple[float, float, str]]], *, password: str = "", size: float = 10) -> bytes:
    """A PDF whose pages have lines at a distance from the left and the upper edge, in millimetres."""
    from fpdf import FPDF

    made = FPDF()
    if password:
        made.set_encryption(owner_password=f"{password}!", user_password=password)
    for lines in pages:
        made.add_page()
        made.set_font("Times", size=size)
        for left, top, text in lines:
            made.text(left, top, text.replace("’", "'"))
    return bytes(made.output())


def scan(*, pages: int = 1, text: str = "") -> bytes:
    """A PDF whose pages have a picture and no text, perhaps behind a page with a text."""
    from fpdf import FPDF
    from PIL import Image

    made = FPDF()
    if text:
        made.add_page()
        made.set_font("helvetica", size=10)
        made.text(20, 20, text.replace("’", "'"))
    for _ in range(pages):
        made.add_page()
        made.image(Image.new("L", (40, 40), 200), 10, 10, 100, 100)
    return bytes(made.output())


def column(left: float, top: float, lines: Sequence[str]) -> list[tuple[float, float, str]]:
    """Lines of one column of a page."""
    return [(left, top + 4.5 * number, line) for number, line in enumerate(lines)]


def word(paragraphs: Sequence[tuple[str, str]], *, deleted: str = "", inserted: str = "") -> bytes:
    """A Word file with paragraphs of a style; a tracked change is put at the end of the first."""
    from docx import Document as WordDocument

    made = WordDocument()
    made.sections[0].header.paragraphs[0].text = "Running head"
    for style, text in paragraphs:
        made.add_paragraph(text, style=style)
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Pay", "4 per cent"
    data = io.BytesIO()
    made.save(data)
    change = (
        f'<w:del w:id="1"><w:r><w:delText>{deleted}</w:delText></w:r></w:del>'
        f'<w:ins w:id="2"><w:r><w:t xml:space="preserve">{inserted}</w:t></w:r></w:ins></w:p>'
    )
    return changed(data.getvalue(), "word/document.xml", "</w:p>", change) if deleted or inserted else data.getvalue()


def changed(archive: bytes, part: str, words: str, replacement: str) -> bytes:
    """A zip archive with words of a part replaced once."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.decode().replace(words, replacement, 1) if name == part else data)
    return made.getvalue()


def archive(parts: Mapping[str, str]) -> bytes:
    """A zip archive with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return made.getvalue()


def open_document(body: str) -> bytes:
    """An OpenDocument text with a body in XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
    kind = "application/vnd.oasis.opendocument.text"
    return archive({"mimetype": kind, "content.xml": f"{content}</office:document-content>"})


VTT = """WEBVTT - Meeting
Language: en

NOTE made by hand

STYLE
::cue { color: red }

3f1c/12-0
00:00:03.120 --> 00:00:07.480 align:start position:0%
<v Dana Okafor>Thank you all. The union will suspend all</v>

3f1c/12-1
00:00:07.480 --> 00:00:11.020
<v Dana Okafor>industrial action on <i>Friday</i>.</v>

3f1c/13-0
00:00:12.900 --> 00:00:16.300
<v Tom Reyes>The board will pay the rise.</v>
<v Dana Okafor>We welcome it.</v>

3f1c/14-0
00:01:16.300 --> 00:01:21.000
<v Tom Reyes>I am worried about Marlow &amp; Sons.</v>
"""

SRT = """1
00:00:01,000 --> 00:00:03,000
The board will pay

2
00:00:03,100 --> 00:00:05,000
the four per cent rise.

4
00:00:20,000 --> 00:00:22,000
- Will it cut services?
- No, it will not.

3
00:00:10,000 --> 00:00:12,000
TOM REYES: We welcome it.
"""

ROLLING = """WEBVTT
Kind: captions

00:00:00.160 --> 00:00:02.389 align:start
the<00:00:00.400><c> harbour board</c><00:00:00.640><c> agreed</c>

00:00:02.389 --> 00:00:02.399
the harbour board agreed

00:00:02.399 --> 00:00:05.000
the harbour board agreed
to<00:00:03.000><c> raise pay</c>
"""

MARKDOWN = f"""---
title: Board and union reach deal
date: 2025-03-12
author: Ines Falk
---
# Board and union reach deal

The **Marlow Harbour Board** [agreed](https://example.org/deal) to raise *pay*.

## What comes next

- {WARNED}
- A second point

| item | change |
|------|--------|
| Pay  | 4 %    |

![A ferry](ferry.png)
"""

RTF = (
    rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Times;}}{\info{\title Deal}}\f0 The board \b agreed\b0  to pay.\par "
    rb"\'cf\'f0\'e0\'e2\'eb\'e5\'ed\'e8\'e5 {\*\hidden secret}done.\par}"
)


def packed(data: bytes) -> bytes:
    """A file compressed with gzip."""
    return gzip.compress(data)


Glyphs = str | Sequence[str]
Drawn = tuple[float, float, Glyphs] | tuple[float, float, Glyphs, float] | tuple[float, float, Glyphs, float, str]


def drawn(pages: Iterable[Iterable[Drawn]], *, rotate: int = 0, crop: tuple[int, int, int, int] | None = None) -> bytes:
    """A PDF whose pages have glyphs of any script at points from the lower left corner, each half its size wide.

    Args:
        pages: For each page, the left end of the baseline, its height, the glyphs from left to right, the font size
            (10), and the font: "plain", "bold", "tall" (with high characters) or "up" (turned to the left).
        rotate: The degrees by which a viewer turns the pages.
        crop: The left, lower, right and upper edge of what a viewer shows.
    """
    shapes = [*range(65, 91), *range(97, 123), *range(192, 256), *range(33, 65)]  # of any letters
    codes: dict[str, int] = {" ": 32}
    streams: list[str] = []
    for page in pages:
        parts: list[str] = []
        for left, height, glyphs, *rest in page:
            size, font = (*rest, *(10, "plain")[len(rest) :])
            text = "".join(f"{codes.setdefault(glyph, shapes[len(codes) - 1]):02x}" for glyph in glyphs)
            turned = f"0 1 -1 0 {left} {height}" if font == "up" else f"1 0 0 1 {left} {height}"
            parts.append(f"BT /{'plain' if font == 'up' else font} {size} Tf {turned} Tm <{text}> Tj ET")
        streams.append("\n".join(parts))
    return _file_of(streams, codes, rotate, crop)


def _file_of(
    streams: Sequence[str], codes: Mapping[str, int], rotate: int, crop: tuple[int, int, int, int] | None
) -> bytes:
    chars = "\n".join(f"<{code:02x}> <{glyph.encode('utf-16-be').hex()}>" for glyph, code in codes.items())
    cmap = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{chars}\nendbfchar"
    kinds = {"plain": ("Helvetica", 750, -250), "bold": ("Helvetica-Bold", 750, -250), "tall": ("Times", 1300, -500)}
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    for name, ascent, descent in kinds.values():
        number = len(objects) + 1
        objects += [
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /FirstChar 0 /LastChar 255 "
            "/ToUnicode 9 0 R /Encoding /WinAnsiEncoding "
            f"/Widths [{'500 ' * 256}] /FontDescriptor {number + 1} 0 R >>",
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 32 /Ascent {ascent} /Descent {descent} >>",
        ]
    objects.append(f"<< /Length {len(cmap)} >> stream\n{cmap}\nendstream")
    fonts = " ".join(f"/{kind} {3 + 2 * number} 0 R" for number, kind in enumerate(kinds))
    box = f" /CropBox [{' '.join(map(str, crop))}]" if crop else ""
    kids = []
    for stream in streams:
        kids.append(f"{len(objects) + 1} 0 R")
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {rotate}{box} "
            f"/Resources << /Font << {fonts} >> >> /Contents {len(objects) + 2} 0 R >>",
            f"<< /Length {len(stream)} >> stream\n{stream}\nendstream",
        ]
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    made = b"%PDF-1.7\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(made))
        made += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>"
    return made + f"{head}\nstartxref\n{len(made)}\n%%EOF".encode()


def drawn_lines(left: float, top: float, lines: Sequence[str], *, size: float = 10) -> list[Drawn]:
    """Lines of one column of a page that `drawn` makes."""
    return [(left, top - 1.2 * size * number, line, size) for number, line in enumerate(lines)]
