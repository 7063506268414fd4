"""Files of every format: the words that a person would read, and nothing else, with their places and metadata."""

import base64
import binascii
import bz2
import io
import lzma
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from summariser import About, Place, Reader, Reading, add_reader, placed
from summariser.documents import Document, read
from summariser.documents.readers import read_bytes, read_file, registry
from summariser.documents.readers.encodings import Decoded, decode
from summariser.documents.readers.hyphens import is_known, without_line_end_hyphens
from summariser.errors import InputError
from summariser.grounding.evidence import evidence_of
from summariser.grounding.found import Found
from tests import formats
from tests.formats import AGREED, OPPOSED, PLEDGED, SENTENCES, WARNED, archive, column, mail, pdf, word


def document(data: bytes | str, name: str, **options: object) -> Document:
    data = data.encode() if isinstance(data, str) else data
    return read_bytes(data, source=name, **options)  # type: ignore[arg-type]  # options of read_bytes


def text_of(data: bytes | str, name: str) -> str:
    return document(data, name).text


def location(made: Document, words: str) -> Place | None:
    """Where the evidence of some words says that they stand; the words are what its offsets cut out."""
    start = made.text.index(words)
    (evidence,) = evidence_of(Found(match="verbatim", spans=((start, start + len(words)),)), made)
    assert evidence.text == words == made.text[evidence.start : evidence.end]
    found = evidence.location
    return None if found is None else Place(0, found.page, found.time, found.part, found.heading)


# ── which reader ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a", "a.pdf", "-"])
def test_the_content_decides_before_the_ending(name: str):
    made = document(formats.PAGE, name)
    assert made.title == "Board and union reach deal"
    assert "<p>" not in made.text


def test_an_ending_decides_where_the_content_does_not():
    assert text_of("**Pay** rises [now](https://example.org).", "a.md") == "Pay rises now."
    assert text_of("**Pay** rises [now](https://example.org).", "a.txt") == "**Pay** rises [now](https://example.org)."


def test_a_reader_of_ones_own_comes_first_and_gives_places_and_metadata(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "_added", [])

    def read_minutes(data: bytes, about: About) -> Reading:
        lines = data.decode().splitlines()[1:]
        text, places = placed((f"{line}\n", Place(part=f"item {n}")) for n, line in enumerate(lines, 1))
        return Reading(text=text, places=places, title="Minutes", published=date(2025, 3, 12))

    add_reader(
        Reader(
            name="minutes",
            endings=frozenset({".minutes"}),
            read=read_minutes,
            recognises=lambda data: data.startswith(b"MINUTES"),
        )
    )
    made = document(f"MINUTES\n{AGREED}\n{PLEDGED}", "a.txt")
    assert (made.title, made.published) == ("Minutes", date(2025, 3, 12))
    assert location(made, "pledged to suspend") == Place(part="item 2")
    assert ".minutes" in registry.endings()


def test_an_error_of_a_reader_is_one_sentence_with_its_format(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "_added", [])
    add_reader(Reader(name="minutes", endings=frozenset({".min"}), read=lambda data, about: Reading(text=data[10])))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"a\.min cannot be read as minutes \(IndexError\); check that it is"):
        document("short", "a.min")


def test_a_note_has_a_code_thatis_known():
    with pytest.raises(InputError, match="'mine' is not known; use one of bytes_replaced"):
        Reading(text="x", notes=(("mine", "A note."),))


@pytest.mark.parametrize(
    ("data", "name", "missing"),
    [
        (formats.PAGE.encode(), "a.html", "lxml"),
        (formats.PAGE.encode(), "a.html", "trafilatura"),
        (mail(page="<p>It is agreed.</p>"), "a.eml", "lxml"),
        (pdf([[(20, 20, AGREED)]]), "a.pdf", "pypdfium2"),
        (word([("Normal", AGREED)]), "a.docx", "lxml"),
        (formats.RTF, "a.rtf", "striprtf.striprtf"),
    ],
)
def test_without_the_extra_a_sentence_says_which_one_is_needed(
    data: bytes, name: str, missing: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match=rf"{re.escape(name)} is .*; to read it, install .* with its extra files: "):
        document(data, name)


def test_mail_captions_markdown_and_text_need_no_extra(monkeypatch: pytest.MonkeyPatch):
    for missing in ("lxml", "trafilatura", "pypdfium2", "simplemma", "striprtf.striprtf"):
        monkeypatch.setitem(sys.modules, missing, None)
    is_known.cache_clear()
    files = {"a.eml": mail(AGREED), "a.vtt": formats.VTT, "a.srt": formats.SRT, "a.md": formats.MARKDOWN}
    assert all(text_of(data, name) for name, data in files.items())
    assert text_of("Okafor spoke. Oka-\nfor agreed after a three-\nweek strike.", "a.txt") == (
        "Okafor spoke. Okafor\nagreed after a three-week\nstrike."
    )
    is_known.cache_clear()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "is an image; read it with OCR"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an old Office program or of Outlook; save it as PDF"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(99), "is a recording; transcribe it"),
        (archive({"a.txt": "x"}), "is a zip archive without a document that is read; give the files in it"),
        (archive({"xl/workbook.xml": "x"}), "is a zip archive"),
        (b'<?xml version="1.0"?><rss/>', "is XML of a kind that is not read"),
        ('<?xml version="1.0"?><rss/>'.encode("utf-16"), "is XML of a kind that is not read"),
        (b'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text/></TEI>', "is XML of a kind that is not read"),
        (b"<an:akomaNtoso><an:debate/></an:akomaNtoso>", "is XML of a kind that is not read"),
        (bytes(range(256)) * 8, "binary data"),
        (b"<SAMI><BODY><SYNC Start=1000><P>We sign.</BODY></SAMI>", "is captions of a kind that is not read; save"),
        (b"{1}{1}25.000\n{25}{100}The board|pays.\n", "is captions of a kind that is not read"),
        (b"[10][40]The board\n[50][60]/We sign.\n[70][80]Good.\n", "is captions of a kind that is not read"),
        (b"Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420\n", "is captions of a kind that is not read"),
    ],
)
def test_a_format_that_is_not_read_is_named_with_what_to_do(data: bytes, told: str):
    with pytest.raises(InputError, match=re.escape(told)):
        document(data, "thing")


@pytest.mark.parametrize(("name", "told"), [("a.pdf", "a PDF"), ("a.rtf", "RTF")])
def test_a_text_with_the_ending_of_another_format_is_refused_and_not_garbled(name: str, told: str):
    with pytest.raises(InputError, match=rf"does not begin like {told}; give it the ending of what it is"):
        document(AGREED, name)


def test_plain_text_has_no_location():
    assert location(document(AGREED, "a.txt"), "agreed on Tuesday") is None


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_mail_is_its_text_with_subject_day_and_sender(encoding: str):
    made = document(mail(f"{AGREED}\n", encoding=encoding), "a.eml")
    assert made.text == f"Statement: the board’s offer\n\n{AGREED}"
    assert (made.title, made.published, made.author) == (
        "Statement: the board’s offer", date(2025, 3, 12), "Press Office",
    )  # fmt: skip
    assert made.notes == ()


def alternatives(plain: str, page: str) -> str:
    return (
        "From: Ilva Brandt <ilva@example.org>\nSubject: Quay\nDate: Wed, 12 Mar 2025 09:30:00 +0000\n"
        'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="x"\n\n'
        f"--x\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
        f"--x\nContent-Type: text/html; charset=utf-8\n\n{page}\n--x--\n"
    )


@pytest.mark.parametrize(
    "plain",
    [
        "Please view this message in an HTML viewer.",
        "This message is in HTML.",
        "Your mail program does not show HTML. See https://example.org/view",
        "Diese Nachricht ist im HTML-Format. Bitte öffnen Sie sie im Browser.",
        "Si vous ne voyez pas ce message, ouvrez la version en ligne.",
        "Para ver este mensaje necesita un lector de HTML.",
        "このメールはHTML形式です。",
        " ",
    ],
)
def test_a_plain_alternative_that_only_points_to_the_page_is_not_the_text(plain: str):
    page = f"<html><body><p>{AGREED}</p><p>{PLEDGED}</p></body></html>"
    assert text_of(alternatives(plain, page), "a.eml") == f"Quay\n\n{AGREED}\n\n{PLEDGED}"
    whole = alternatives(f"{AGREED}\n\n{PLEDGED}", page.replace("</body>", "<p>Follow us on the web.</p></body>"))
    assert text_of(whole, "a.eml") == f"Quay\n\n{AGREED}\n\n{PLEDGED}"


def test_base64_of_a_mail_that_lacks_characters_is_told():
    data = base64.b64encode(f"{AGREED} {PLEDGED} ".encode())
    for cut, told in ((data, False), (data[: len(data) // 4 * 4 - 3], True)):
        head = b"From: a@example.org\nDate: Wed, 12 Mar 2025 09:30:00 +0000\nContent-Type: text/plain\n"
        made = document(head + b"Content-Transfer-Encoding: base64\n\n" + cut, "a.eml")
        assert AGREED in made.text
        assert any("cut short or damaged" in message for _, message in made.notes) == told


def test_a_mail_is_recognised_by_its_headers_but_a_release_with_such_lines_is_text():
    assert document(mail(AGREED), "mail").title == "Statement: the board’s offer"
    release = f"From: the Mayor\nTo: all newsrooms\nDate: 12 March 2025\nSubject: pay\n\n{AGREED}"
    assert text_of(release, "release.txt") == release


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8"])
def test_a_mail_is_decoded_as_it_declares(charset: str):
    assert "Правление порта согласилось." in text_of(mail("Правление порта согласилось.", charset=charset), "a.eml")


def test_letters_in_a_header_that_should_be_encoded_are_read():
    header = b"From: Andr\xe9 <a@example.org>\nMessage-ID: <1@x>\nSubject: Le caf\xe9 d\xe9cide\n\n"
    made = document(header + "Le conseil a décidé d'augmenter les salaires.".encode("cp1252"), "a.eml")
    assert (made.title, made.author) == ("Le café décide", "André")


def test_the_html_of_a_mail_is_read_only_if_there_is_no_text():
    page = f"<style>p{{}}</style><div style='display:none'>Preview</div><p>{AGREED}</p>"
    assert text_of(mail(page=page), "a.eml").endswith(f"\n\n{AGREED}")
    assert "Preview" not in text_of(mail(page=page), "a.eml")
    assert text_of(mail(PLEDGED, page=f"<p>{PLEDGED}</p>"), "a.eml").endswith(PLEDGED)
    assert text_of(mail("See the HTML.", page=f"<p>{AGREED} {PLEDGED}</p>"), "a.eml").endswith(PLEDGED)


@pytest.mark.parametrize(
    "quoted",
    [
        "On Tue, 11 Mar 2025 at 10:00, Tom Reyes\n<tom@example.org> wrote:\n\n> We offer 4.\n> Reply, please.",
        "Am 11.03.2025 um 10:00 schrieb Tom Reyes <tom@example.org>:\n> We offer 4.",
        "Le mar. 11 mars 2025 à 10:00, Tom Reyes <tom@example.org> a écrit :\n\nWe offer 4.",
        "El mar, 11 mar 2025 a las 10:00, Tom Reyes (<tom@example.org>) escribió:\n\n> We offer 4.",
        "11.03.2025 10:00, Tom Reyes <tom@example.org> написал(а):\n> We offer 4.",
        "-----Original Message-----\nFrom: Tom Reyes\nSent: 11 March 2025\nTo: Press\n\nWe offer 4.",
        "________________________________\nFrom: Tom <tom@example.org>\nSent: Tuesday\nSubject: x\n\nWe offer 4.",
        "Von: Tom Reyes <tom@example.org>\nGesendet: Dienstag\nAn: Presse\nBetreff: x\n\nWe offer 4.",
        "On Tue, Mar 11, 2025 at 10:00 AM Tom Reyes wrote:\n\nWe offer 4.",
        "вт, 11 мар. 2025 г. в 10:00, Том Рейес <tom@example.org>:\n\nWe offer 4.",
        "Od: Tom Reyes <tom@example.org>\nWysłano: wtorek, 11 marca 2025\nDo: Prasa\nTemat: x\n\nWe offer 4.",
        "Från: Tom Reyes <tom@example.org>\nSkickat: den 11 mars 2025\nTill: Press\nÄmne: x\n\nWe offer 4.",
        "Fra: Tom Reyes <tom@example.org>\nSendt: 11. marts 2025\nTil: Presse\nEmne: x\n\nWe offer 4.",
        "Kimden: Tom Reyes <tom@example.org>\nGönderilme: 11 Mart 2025\nKime: Basın\nKonu: x\n\nWe offer 4.",
        "Від: Том <tom@example.org>\nНадіслано: 11 березня 2025 р.\nКому: Преса\nТема: x\n\nWe offer 4.",
        "Από: Τομ <tom@example.org>\nΣτάλθηκε: 11 Μαρτίου 2025\nΠρος: Τύπος\nΘέμα: x\n\nWe offer 4.",
    ],
)
def test_the_newest_message_stands_apart_from_what_it_quotes(quoted: str):
    made = document(mail(f"{AGREED}\n\n{quoted}\n", subject="Offer"), "a.eml")
    assert made.text == f"Offer\n\n{AGREED}"
    (note,) = made.notes
    assert note[0] == "parts_left_out"
    assert "line" in note[1]


def test_answers_between_quoted_lines_are_kept():
    body = "On Tue, 11 Mar 2025 Tom Reyes wrote:\n> Will you sign?\n\nWe will sign.\n\n> And pay?\n\nWe will pay.\n"
    kept = text_of(mail(f"Dear Tom,\n\n{body}", subject="Offer"), "a.eml")
    assert kept.split("\n\n") == ["Offer", "Dear Tom,", "\nWe will sign.", "\nWe will pay."]


def test_a_sentence_that_introduces_a_letter_is_no_quotation():
    body = "In a letter of 11 March 2025 the minister wrote:\n\nWe will pay the crews.\n"
    assert "We will pay the crews." in text_of(mail(body), "a.eml")


def test_a_forwarded_message_is_read_if_nothing_stands_above_it():
    head = "---------- Forwarded message ---------\nFrom: Tom <t@example.org>\nDate: Tue\nSubject: x\nTo: Ann\n\n"
    made = document(mail(f"\n{head}{AGREED}\n", subject="Fwd: x"), "a.eml")
    assert made.text == f"Fwd: x\n\n{AGREED}"
    assert "headers of the forwarded message" in made.notes[0][1]


@pytest.mark.parametrize("cover", ["FYI", "Dear all,\n\nplease see the offer below.\n\nAnn"])
def test_a_forwarded_message_is_read_with_its_own_day_and_sender_if_a_few_words_pass_it_on(cover: str):
    head = (
        "---------- Forwarded message ---------\nFrom: Tom Reyes <t@example.org>\nDate: Mon, Mar 10, 2025 at 9:30 AM\n"
    )
    made = document(mail(f"{cover}\n\n{head}Subject: a long\n subject\nTo: Ann\n\n{AGREED} {PLEDGED}\n"), "a.eml")
    assert made.text.endswith(f"\n\n{AGREED} {PLEDGED}")
    assert (made.author, made.published) == ("Tom Reyes", date(2025, 3, 10))
    assert "above the forwarded message; the headers of the forwarded message" in made.notes[0][1]


def test_an_answer_above_a_forwarded_message_is_the_newest_message():
    head = "---------- Forwarded message ---------\nFrom: Tom <t@example.org>\nDate: Tue\nSubject: x\nTo: Ann\n\n"
    made = document(mail(f"{AGREED}\n\n{head}Will you sign it?\n", subject="x"), "a.eml")
    assert (made.text, made.author) == (f"x\n\n{AGREED}", "Press Office")


def test_a_reply_without_a_blank_line_above_it_is_split_from_the_answer():
    quoted = "On Tue, 11 Mar 2025 at 10:00, Tom <tom@example.org> wrote:\nWe offer 4.\n"
    assert text_of(mail(f"{AGREED}\n{quoted}", subject="x"), "a.eml") == f"x\n\n{AGREED}"


def test_lines_with_dates_and_colons_are_no_headers_of_a_mail():
    body = f"{AGREED}\n\nDate: 14 March 2025\nTo: be confirmed\nSubject: pay\n"
    assert text_of(mail(body, subject="x"), "a.eml") == f"x\n\n{body.strip()}"


@pytest.mark.parametrize(
    "end",
    [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS<https://example.org>",
        "Sent with Proton Mail secure email.",
        "_______________________________________________\nHarbour mailing list\nhttps://example.org/harbour",
    ],
)
def test_what_a_program_or_a_list_adds_to_a_mail_is_left_out_as_the_signature(end: str):
    made = document(mail(f"{AGREED}\n\n{end}\n", subject="x"), "a.eml")
    assert made.text == f"x\n\n{AGREED}"
    assert made.notes == (("parts_left_out", "Left out of the mail: the signature."),)


def test_a_line_that_begins_with_an_escaped_from_is_no_quotation():
    kept = text_of(mail(f">From Monday the ferries run.\n\n{AGREED}\n", subject="x"), "a.eml")
    assert kept == f"x\n\nFrom Monday the ferries run.\n\n{AGREED}"


def test_a_signed_mail_is_read_without_its_signature_and_an_encrypted_one_is_refused():
    begin, end = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n", "-----BEGIN PGP SIGNATURE-----\n\niQEz\n"
    signed = f"{begin}\n{AGREED}\n- -- \nAnn\n{end}-----END PGP SIGNATURE-----\n"
    assert text_of(mail(signed, subject="x"), "a.eml") == f"x\n\n{AGREED}"
    with pytest.raises(InputError, match=r"a\.eml is an encrypted mail; decrypt it in a mail program"):
        document(mail("-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"), "a.eml")
    head = b"From: b@example.org\nMessage-ID: <2@x>\nMIME-Version: 1.0\n"
    with pytest.raises(InputError, match="is an encrypted mail"):
        document(head + b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\nMIIB\n", "a.eml")


def test_base64_that_is_cut_short_and_a_carried_mail_in_base64_are_read():
    head = b"From: b@example.org\nMessage-ID: <2@x>\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n"
    words = base64.b64encode(f"{AGREED} {AGREED}".encode())
    cut = head + b"Content-Type: text/plain; charset=utf-8\n\n" + words[: len(words) - 3]
    assert text_of(cut, "a.eml").startswith(AGREED)
    carried = head + b"Content-Type: message/rfc822\n\n" + base64.b64encode(mail(AGREED))
    assert document(carried, "a.eml").title == "Statement: the board’s offer"


@pytest.mark.parametrize("day", ["2025-03-12 09:30:00", "Mi, 12. März 2025 09:30:00 +0100"])
def test_a_day_in_a_header_may_have_another_form_than_the_standards(day: str):
    data = mail(AGREED).replace(b"Wed, 12 Mar 2025 09:30:00 +0000", day.encode())
    assert document(data, "a.eml").published == date(2025, 3, 12)


def test_signature_and_attachments_are_left_out_and_named():
    made = document(mail(f"{AGREED}\n\n-- \nAnn Lee\nPress office\n", attached=["plan.pdf", "b.pdf"]), "a.eml")
    assert "Press office" not in made.text
    assert made.notes == (
        ("parts_left_out", "Left out of the mail: the signature; 2 attachments (plan.pdf, b.pdf)."),
    )  # fmt: skip


def test_a_mail_with_attachments_only_is_refused():
    with pytest.raises(InputError, match=r"a\.eml is a mail with only attachments \(plan\.pdf\); give them as files"):
        document(mail(attached=["plan.pdf"]), "a.eml")


def test_a_mail_that_only_carries_another_one_is_that_one():
    outer = b"From: b@example.org\nMessage-ID: <2@x>\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    made = document(outer + mail(AGREED), "a.eml")
    assert (made.title, made.author) == ("Statement: the board’s offer", "Press Office")
    assert made.text.endswith(AGREED)


def test_a_mail_without_anything_is_refused():
    empty = b"From: b@example.org\nMessage-ID: <2@x>\nContent-Type: text/html\n\n \n"
    with pytest.raises(InputError, match=r"a\.eml is a mail without text; check that it is complete"):
        document(empty, "a.eml")


def test_soft_line_breaks_of_flowed_text_are_removed():
    head = b"From: a@example.org\nMessage-ID: <1@x>\nContent-Type: text/plain; format=flowed\n\n"
    assert text_of(head + b"The board will \npay the crews.\nIt signed.\n", "a.eml").startswith(
        "The board will pay the crews.\nIt signed."
    )


# ── mail: frames, files within the text, attached mails, signatures ──────────────────────────────

PLAIN = "From: Ines Falk <i@example.org>\nMessage-ID: <2@x>\nMIME-Version: 1.0\nSubject: Pay\n"
PLAIN += "Date: Wed, 12 Mar 2025 09:30:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "">\n<plist/>\n'
)
BYTES = bytes(range(60)) * 5


def uuencoded(name: str, data: bytes = BYTES) -> str:
    rows = (binascii.b2a_uu(data[start : start + 45]).decode() for start in range(0, len(data), 45))
    return f"begin 644 {name}\n{''.join(rows)}`\nend\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("off", "properties"), [(0, PROPERTIES), (0, ""), (20, PROPERTIES)])
def test_a_mail_of_apple_is_read_without_its_frame(end: str, off: int, properties: str):
    inner = f"{PLAIN}{AGREED}\n".replace("\n", end).encode()
    made = document(f"{len(inner) - off}      \n".encode() + inner + properties.encode(), "a")
    assert (made.text, made.published, made.notes) == (f"Pay\n\n{AGREED}", date(2025, 3, 12), ())


@pytest.mark.parametrize(
    ("within", "names"),
    [
        (uuencoded("my photo.jpg").encode(), "1 attachment (my photo.jpg)"),
        (uuencoded("a.pdf").encode() + uuencoded("b.txt", b"abc").encode(), "2 attachments (a.pdf, b.txt)"),
        (uuencoded("a.pdf")[:300].encode(), "1 attachment (a.pdf)"),
        (b"begin-base64 644 d.pdf\n" + base64.encodebytes(BYTES) + b"====\n", "1 attachment (d.pdf)"),
        (b"=ybegin line=128 size=99 name=a b.zip\n\xe9\x9d\x81k" * 2 + b"\n=yend size=99\n", "1 attachment (a b.zip)"),
        (b"=ybegin part=1 line=128 name=c.zip\n=ypart begin=1 end=9\n\xff\xfe\n", "1 attachment (c.zip)"),
        (b"(This file must be converted with BinHex 4.0)\n\n:$f*TEQKP\n34:\n", "1 attachment (a file without a name)"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_within_the_text_of_a_mail_is_left_out_and_named(within: bytes, names: str, end: bytes):
    data = f"{PLAIN}{AGREED}\n\n".encode() + within
    made = document(data.replace(b"\n", end), "a.eml")
    assert made.text == f"Pay\n\n{AGREED}"
    assert made.notes == (("parts_left_out", f"Left out of the mail: {names}."),)


@pytest.mark.parametrize(
    "prose",
    [
        "We begin 644 people strong.\nbegin 644 people\nWe end it.\nend",
        "begin 644 a\nTHE BOARD\nend",
        "The line\n=ybegin is how they start.",
        "They begin today.",
    ],
)
def test_words_that_look_like_the_beginning_of_a_file_stay(prose: str):
    assert text_of(f"{PLAIN}{AGREED}\n{prose}\n", "a.eml").endswith(prose)


def carrying(subject: str, cover: str, further: str = "") -> str:
    """A mail with a text and an attached mail."""
    inner = f"{PLAIN}{AGREED}\n"
    return (
        "From: Clerk <c@example.org>\nMessage-ID: <3@x>\nMIME-Version: 1.0\nDate: Fri, 14 Mar 2025 09:30:00 +0000\n"
        f"Subject: {subject}\nContent-Type: multipart/mixed; boundary=XX\n\n--XX\nContent-Type: text/plain\n\n{cover}\n"
        f"--XX\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n{inner}\n{further}--XX--\n"
    )


FURTHER = "--XX\nContent-Type: application/pdf; name=x.pdf\nContent-Disposition: attachment\n\nx\n"


@pytest.mark.parametrize(
    ("subject", "cover", "further", "told"),
    [
        ("Fwd: Pay", "FYI, see the mail.", "", "the lines above the forwarded message"),
        ("WG: Lohn", "Zur Kenntnis.", "", "the lines above the forwarded message"),
        ("TR : Salaires", "Pour information.", FURTHER, "the lines above the forwarded message; 1 attachment (x.pdf)"),
        ("Fwd: Pay", "", FURTHER, "1 attachment (x.pdf)"),
        ("Pay", "", "", ""),
    ],
)
def test_an_attached_mail_that_a_few_words_pass_on_is_read(subject: str, cover: str, further: str, told: str):
    made = document(carrying(subject, cover, further), "a.eml")
    assert (made.text, made.author, made.published) == (f"Pay\n\n{AGREED}", "Ines Falk", date(2025, 3, 12))
    assert made.notes == ((("parts_left_out", f"Left out of the mail: {told}."),) if told else ())


@pytest.mark.parametrize(
    ("subject", "cover"),
    [
        ("Re: Pay", "We reject it."),
        ("VS: Palkat", "Emme suostu."),
        ("Pay", "See below."),
        ("Fwd: Pay", f"{OPPOSED} {OPPOSED}"),
    ],
)
def test_an_answer_with_an_attached_mail_is_the_newest_message(subject: str, cover: str):
    made = document(carrying(subject, cover), "a.eml")
    assert (made.text, made.author) == (f"{subject}\n\n{cover}", "Clerk")
    assert made.notes == (("parts_left_out", "Left out of the mail: 1 attachment (an attached mail)."),)


@pytest.mark.parametrize(("kind", "told"), [("02", "is a signed mail whose text stands within its signature"),
                                            ("03", "is an encrypted mail; decrypt it in a mail program")])  # fmt: skip
def test_mail_of_smime_is_refused_as_what_it_is(kind: str, told: str):
    data = bytes.fromhex(f"30820a0006092a864886f70d0107{kind}a08209f0") + BYTES
    head = PLAIN.replace("text/plain; charset=utf-8", "application/pkcs7-mime; name=smime.p7m")
    coded = head.replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n").encode() + base64.encodebytes(data)
    with pytest.raises(InputError, match=rf"a\.eml {told}"):
        document(coded, "a.eml")
    with pytest.raises(InputError, match=r"is a signed or encrypted message \(S/MIME\); open it in a mail program"):
        document(data, "smime.p7m")


@pytest.mark.parametrize("kind", ["application/pkcs7-mime; smime-type=enveloped-data", "application/pgp-encrypted"])
def test_an_encrypted_mail_with_the_footer_of_a_list_is_refused(kind: str):
    parts = f"--ZZ\nContent-Type: {kind}\n\nMIIB\n--ZZ\nContent-Type: text/plain\n\n"
    footer = (
        "_______________________________________________\nHarbour mailing list\nhttps://example.org/harbour\n--ZZ--\n"
    )
    head = PLAIN.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=ZZ")
    with pytest.raises(InputError, match="is an encrypted mail"):
        document(f"{head}{parts}{footer}", "a.eml")


def test_a_short_mail_with_an_encrypted_one_attached_is_read():
    words, attached = "text/plain\n\nWe agree.\n", "application/pkcs7-mime; name=a.p7m\n\nMI\n"
    parts = f"--ZZ\nContent-Type: {words}--ZZ\nContent-Type: {attached}--ZZ--\n"
    head = PLAIN.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=ZZ")
    made = document(f"{head}{parts}", "a.eml")
    assert made.text == "Pay\n\nWe agree."
    assert made.notes == (("parts_left_out", "Left out of the mail: 1 attachment (a.p7m)."),)


def test_the_armour_of_a_signed_page_is_left_out():
    begin, end = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n", "-----BEGIN PGP SIGNATURE-----\n\niQ\n"
    made = document(mail(page=f"<pre>{begin}\n{AGREED}\n{end}</pre>", subject="x"), "a.eml")
    assert made.text == f"x\n\n{AGREED}"
    assert made.notes == (("parts_left_out", "Left out of the mail: the PGP signature."),)


def test_mail_of_outlook_that_has_its_text_in_another_format_is_refused():
    head = PLAIN.replace("text/plain; charset=utf-8", "application/ms-tnef; name=winmail.dat")
    with pytest.raises(InputError, match=r"whose text is in winmail\.dat; open it in Outlook, and save its text"):
        document(f"{head}x", "a.eml")
    with pytest.raises(InputError, match=r"is a message of Outlook \(winmail\.dat\)"):
        document(b"\x78\x9f\x3e\x22" + BYTES, "winmail.dat")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_signed_text_is_read_without_the_armour_and_this_is_told(end: str):
    begin, behind = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\nCharset: utf-8\n",
        "-----BEGIN PGP SIGNATURE-----\n",
    )
    signed = f"{begin}\n{AGREED}\n- - Pay\n{behind}\niQEz\n-----END PGP SIGNATURE-----\n".replace("\n", end)
    for data, what in ((signed, "text"), (f"{PLAIN}{signed}", "mail")):
        made = document(data, "a.txt")
        assert made.text.removeprefix("Pay\n\n").strip() == f"{AGREED}\n- Pay"
        assert made.notes == (("parts_left_out", f"Left out of the {what}: the PGP signature."),)
    with pytest.raises(InputError, match=r"a\.txt is an encrypted message; decrypt it, and save its text"):
        document("-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n", "a.txt")


def test_flowed_text_without_the_space_at_its_line_ends_is_joined_without_one():
    head = PLAIN.replace("charset=utf-8", "charset=utf-8; format=Flowed; DelSp=Yes")
    assert (
        text_of(f"{head}港務局宣布 \n將會公布。\nThe board \n agreed.\n", "a.eml")
        == "Pay\n\n港務局宣布將會公布。\nThe boardagreed."
    )


# ── captions ─────────────────────────────────────────────────────────────────────────────────────


def test_the_cues_of_a_voice_are_one_turn_with_a_label():
    assert text_of(formats.VTT, "a.vtt").split("\n\n") == [
        "Dana Okafor: Thank you all. The union will suspend all industrial action on Friday.",
        "Tom Reyes: The board will pay the rise.",
        "Dana Okafor: We welcome it.",
        "Tom Reyes: I am worried about Marlow & Sons.",
    ]


def test_evidence_of_captions_has_its_time():
    made = document(formats.VTT, "a.vtt")
    assert location(made, "industrial action on Friday") == Place(time="00:00:07")
    assert location(made, "I am worried") == Place(time="00:01:16")


def test_captions_out_of_order_are_sorted_and_this_is_told():
    made = document(formats.SRT, "a.srt")
    assert made.text.split("\n\n") == [
        "The board will pay the four per cent rise.", "TOM REYES: We welcome it.",
        ">> Will it cut services?", ">> No, it will not.",
    ]  # fmt: skip
    assert [code for code, _ in made.notes] == ["order_changed"]


def captions(*cues: str) -> str:
    """Return captions in which a cue of three seconds follows another."""
    times = (f"00:{3 * place // 60:02}:{3 * place % 60:02}.000" for place in range(len(cues) + 1))
    return "WEBVTT\n\n" + "\n\n".join(f"{a} --> {b}\n{cue}" for (a, b), cue in zip(pairwise(times), cues, strict=True))


@pytest.mark.parametrize(
    ("cues", "paragraphs"),
    [
        (["<v Dana Okafor>We sign.", "Good.", "<v Dana Okafor>Today."], ["Dana Okafor: We sign.", ">> Good.",
                                                                         "Dana Okafor: Today."]),
        (["DANA: We sign.", "- When?\n- Today."], ["DANA: We sign.", ">> When?", ">> Today."]),
        (["We sign.", "- When?\n- Today."], ["We sign.", "- When?", "- Today."]),
        (["Songs that I love - the", "ones I know: old ones"], ["Songs that I love - the ones I know: old ones"]),
        (["We sign a", "- long and dull - treaty."], ["We sign a - long and dull - treaty."]),
        (["DANA: It falls to", "-5 degrees."], ["DANA: It falls to -5 degrees."]),
        (["DANA:\nWe sign.", "TOM REYES:\nGood."], ["DANA: We sign.", "TOM REYES: Good."]),
        (["-When?\n-Today.", "‐ Good.\n‐ Fine."], ["-When?", "-Today.", "‐ Good.", "‐ Fine."]),
        (["We sign.", "♫ We sail ♫", "# Away #"], ["We sign. We sail Away"]),
        (["The board", "The board will", "The board will pay."], ["The board will pay."]),
        (["The board will pay.", "The board will pay. Today."], ["The board will pay. The board will pay. Today."]),
        (["We sign.\n\nWEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000", "Good."], ["We sign. Good."]),
    ],
)  # fmt: skip
def test_a_cue_of_another_speaker_is_a_paragraph_and_a_line_of_a_sentence_none(cues: list[str], paragraphs: list[str]):
    assert text_of(captions(*cues), "a.vtt").split("\n\n") == paragraphs


def test_lines_that_roll_up_are_read_once():
    assert text_of(formats.ROLLING, "a.vtt") == "the harbour board agreed to raise pay"


def test_a_line_of_a_few_words_that_rolls_up_for_a_moment_is_read_once():
    times = ("00:00.000 --> 00:02.000", "00:02.000 --> 00:02.010", "00:02.010 --> 00:04.000")
    cues = zip(times, ("we will", "we will", "we will\nsign it"), strict=True)
    assert text_of("WEBVTT\n\n" + "\n\n".join(map("\n".join, cues)), "a.vtt") == "we will sign it"


def test_the_speaker_may_stand_in_the_identifier_of_a_cue():
    cues = '1 "Dana Okafor" (331)\n00:05.890 --> 00:08.430\nWe sign.\n\n2 "Tom Reyes"\n00:08.430 --> 00:10.000\nGood.\n'
    assert text_of(f"WEBVTT\n\n{cues}", "a.vtt") == "Dana Okafor: We sign.\n\nTom Reyes: Good."


@pytest.mark.parametrize(
    ("cues", "text", "speakers"),
    [
        (  # Zoom and others repeat the name in each cue
            ["Dana Okafor: We will", "Dana Okafor: sign on Friday.", "Tom Reyes: I will not", "Tom Reyes: sign."],
            "Dana Okafor: We will sign on Friday.\n\nTom Reyes: I will not sign.",
            None,
        ),
        (
            ["[Dana Okafor] We will", "[Dana Okafor] sign.", "[Tom Reyes] I will", "[Tom Reyes] not.", "[Music]"],
            "Dana Okafor: We will sign.\n\nTom Reyes: I will not. [Music]",
            None,
        ),
        (
            ["(Dana Okafor) We sign.", "(Tom Reyes) I do not.", "(Dana Okafor) Why?", "(Tom Reyes) I wait."],
            "Dana Okafor: We sign.\n\nTom Reyes: I do not.\n\nDana Okafor: Why?\n\nTom Reyes: I wait.",
            None,
        ),
        (["[Music] We sign.", "[Upbeat music] I do not."], "[Music] We sign. [Upbeat music] I do not.", None),
        (["[Dana Okafor] We sign.", "I do not."], "[Dana Okafor] We sign. I do not.", None),
        (["Dana Okafor: We sign.", "Dana Okafor: I pay."], "Dana Okafor: We sign.\n\nDana Okafor: I pay.", None),
        (
            ["<v Okafor, Dana (Guest)>We sign.", "<v Reyes, Tom>I do not."],
            "Dana Okafor (Guest): We sign.\n\nTom Reyes: I do not.",
            ["Dana Okafor", "Tom Reyes"],
        ),
        (["<v Chair, Port Board>We sign."], "Chair, Port Board: We sign.", [""]),
        (  # a file that marks its speakers is a transcript, however short
            ["<v Dana>We sign.", "<v p_quill>I do not.", "<v S1>Why?"],
            "Dana: We sign.\n\np_quill: I do not.\n\nS1: Why?",
            ["Dana", "", ""],
        ),
        (
            ["<v Dr. Jana Kern>Wir unterschreiben.", "Ich nicht."],
            "Dr. Jana Kern: Wir unterschreiben.\n\n>> Ich nicht.",
            ["Jana Kern"],  # the other one is nobody's
        ),
    ],
)
def test_the_labels_of_captions_begin_turns_however_a_tool_writes_them(cues, text, speakers):
    made = document(captions(*cues), "a.vtt")
    assert made.text == text
    if speakers is not None:
        assert [turn.speaker for turn in made.turns] == speakers


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_captions_with_a_byte_order_mark_and_other_line_ends_are_recognised(mark: str):
    assert text_of(formats.VTT.replace("\n", "\r\n").encode(mark), "captions").startswith("Dana Okafor: Thank")


def test_captions_without_cues_are_refused():
    with pytest.raises(InputError, match=r"a\.vtt has no captions"):
        document("WEBVTT\n\nNOTE nothing\n", "a.vtt")


ALPHA = r"""[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,never shown
Dialogue: 0,0:00:01.00,0:00:04.00,Default,Dana Okafor,0,0,0,,{\i1}The board, we say,{\i0}\Nwill
Dialogue: 1,0:00:01.00,0:00:04.00,Default,Dana Okafor,0,0,0,,{\i1}The board, we say,{\i0}\Nwill
Dialogue: 0,0:00:04.00,0:00:06.00,Default,Dana Okafor,0,0,0,,pay.
Dialogue: 0,0:00:06.00,0:00:08.00,Default,Tom Reyes,0,0,0,,We\hthank{not shown} it.
Dialogue: 0,0:00:08.00,0:00:09.00,Default,,0,0,0,,{\p1}m 0 0 l 100 0 100 100{\p0}
Dialogue: 0,0:00:09.00,0:00:10.00,Default,,0,0,0,,Laughter.
"""
TIMED = """<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata">
<head><metadata><ttm:title>Debate</ttm:title><ttm:agent xml:id="a"><ttm:name>Dana Okafor</ttm:name></ttm:agent>
</metadata></head><body><div begin="00:01:00.000"><p begin="1s" end="4s" ttm:agent="a">The board<br/>will</p>
<p begin="00:00:04" dur="2s" ttm:agent="a"><span>pay</span>
 the rise.</p><p begin="7000ms" end="9s">Good &amp; well.</p></div></body></tt>
"""


@pytest.mark.parametrize(
    ("data", "name", "text", "place"),
    [
        ("0:00:01.000,0:00:04.000\nThe board will\n\n0:00:04.100,0:00:06.000\npay the rise.\n42\n", "SBV",
         "The board will pay the rise. 42", ("pay", "00:00:04")),
        ("0:00:01.000,0:00:04.000\n>> DANA: We sign.\n\n0:00:09.000,0:00:11.000\n>> Good.\n", "SBV",
         ">> DANA: We sign.¶>> Good.", ("Good", "00:00:09")),
        ("[INFORMATION]\n[TITLE]Debate\n[SUBTITLE]\n00:01:00.00,00:01:04.00\nLe conseil[br]paiera.\n", "SBV",
         "Le conseil paiera.", ("paiera", "00:01:00")),
        (ALPHA, "SubStation Alpha", "Dana Okafor: The board, we say, will pay.¶Tom Reyes: We thank it.¶>> Laughter.",
         ("thank", "00:00:06")),
        ("[Script Info]\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
         "Dialogue: Marked=0,0:00:01.00,0:00:04.00,Default,NTP,0000,0000,0000,,Правление\\Nзаплатит.\n",
         "SubStation Alpha", "Правление заплатит.", ("заплатит", "00:00:01")),
        (TIMED, "TTML", "Dana Okafor: The board will pay the rise.¶>> Good & well.", ("Good", "00:01:07")),
        ('<tt:tt xmlns:tt="urn:t" xmlns:p="urn:p" p:frameRate="25"><tt:body><tt:p begin="00:00:01:24" '
         'end="00:00:04:00">Le conseil</tt:p><tt:p begin="100f" end="7s">paiera.</tt:p></tt:body></tt:tt>', "TTML",
         "Le conseil paiera.", ("paiera", "00:00:04")),
        ('<tt xmlns:p="urn:p" p:tickRate="10000000"><body><p begin="15000000t"><span>- When?</span><br/>- Today.</p>'
         "</body></tt>", "TTML", "- When?¶- Today.", ("Today", "00:00:01")),
        ("<tt><body><p><span begin='3s'>We </span><span begin='4s'>sign.</span></p></body></tt>", "TTML", "We sign.",
         ("sign", "00:00:03")),
        ('<transcript><text start="0.5">we&amp;#39;re</text><text start="62.6">glad</text></transcript>', "TTML",
         "we're glad", ("glad", "00:01:02")),
        ("0:00\nthe board agreed\n0:03\non tuesday\n0:06\nto pay\n1:02\nthe crews\n", "a copied transcript",
         "the board agreed on tuesday to pay the crews", ("crews", "00:01:02")),
        ("Ferry talk\n0:00\n0 seconds\nThe board will\n0:03\n3 seconds\npay.\nPart two\n0:06\n6 seconds\nDANA: We\n"
         "1:03\n1 minute, 3 seconds\nsign.\n1:12\n1 minute, 12 seconds\nTOM: Good.\n", "a copied transcript",
         "Ferry talk¶The board will pay.¶Part two¶DANA: We sign.¶TOM: Good.", ("sign", "00:01:03")),
        ("00:00:03 Правление\n00:00:06 заплатит.\n00:00:09 Это\n00:00:12 хорошо.\n", "a copied transcript",
         "Правление заплатит.¶Это хорошо.", ("хорошо", "00:00:12")),
        ("1\n00:00:01:500 --> 00:00:04:000\nThe board will\n\n2\n00:00:04:100 --> 00:00:06:000\npay.\n", "SRT",
         "The board will pay.", ("pay", "00:00:04")),
        ("00:00:01,000 → 00:00:04,000\nThe board will\n\n00:00:04,100 → 00:00:06,000\npay.\n", "SRT",
         "The board will pay.", ("pay", "00:00:04")),
        ("[ti:Debate]\n[ar:Dana]\n[00:01.00]The board will\n[00:04.10]pay.\n[00:07.00]We sign.\n[00:10.00]Good.\n",
         "a copied transcript", "The board will pay.¶We sign.¶Good.", ("pay", "00:00:04")),
        ("[0:03] Q. Did you sign?\n[0:07] A. I did.\n[0:12] Q. When was that,\n[0:15] do you know?\n",
         "a copied transcript", "Q. Did you sign?¶A. I did.¶Q. When was that, do you know?", ("do you", "00:00:15")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_captions_of_each_format_are_turns_with_their_times(
    data: str, name: str, text: str, place: tuple[str, str], encoding: str
):
    coded = data.replace("\n", "\r\n").encode(encoding)
    assert registry.reader_for(coded, "a").name == name
    reading = registry.reader_for(coded, "a").read(coded, About(source="a"))
    assert reading.text.split("\n\n") == text.split("¶")
    made = Document.from_reading(reading, source="a")
    assert location(made, place[0]) == Place(time=place[1])


@pytest.mark.parametrize(
    "text",
    [
        "10:15\nThe minister speaks.\n10:45\nThe board answers.\n11:02\nThe union replies.\n11:30\nEnd.\n",
        "9:00 Arrival\n9:30 Opening\n10:15 Coffee\n12:30 Lunch\n14:00 Debate\n",
        "00:03 First results.\n00:17 The count goes on.\n00:48 Marlow declares.\n01:12 Arlen declares.\n",
        "0:40 Goal.\n0:31 Foul.\n0:22 Goal.\n0:09 End.\n",
        "Dana Okafor\n0:03\nWe sign.\nTom Reyes\n0:09\nGood.\nDana Okafor\n0:14\nFine.\nTom Reyes\n0:18\nBye.\n",
        "0:03 The board met.\n0:09 It agreed.\n",
        "0:00 Welcome\n0:10 Talk by Dana\n0:25 Break\n0:30 Questions\n0:45 End\n",
        "0:10 Mix the eggs.\n0:20 Add milk.\n0:30 Stir.\n0:40 Bake.\n",
        "0:03 1.5\n0:06 1.7\n0:09 1.9\n0:12 2.0\n",
        "10:15 -> 10:45\nThe ferry is late.\n",
        "[1][2] The board met.\n[3][4] It paid.\n[5][6] It left.\n",
        "{1}{2} is a set.\n{3}{4} is another.\n",
        "<tt>The board</tt> met on Tuesday.\n",
        "[Events]\nThe board met.\n",
        "0:03 The board met.\n0:06 It agreed.\n0:09 It pays.\n0:12 It ends.\n" + "The board met and paid.\n" * 9,
    ],
)
def test_times_of_a_programme_or_a_live_report_and_marks_of_other_kinds_are_no_captions(text: str):
    assert document(text, "a.txt").places == ()


def test_captions_in_xml_that_are_damaged_are_refused():
    with pytest.raises(InputError, match=r"a\.ttml cannot be read as TTML \(ParseError\); check that it is complete"):
        document('<tt><body><p begin="1s">We', "a.ttml")
    with pytest.raises(InputError, match=r"a\.ttml cannot be read as TTML \(ValueError\)"):
        document('<tt><body><p begin="at noon">We sign.</p></body></tt>', "a.ttml")
    with pytest.raises(InputError, match=r"a\.ttml cannot be read as TTML \(ValueError\)"):
        document('<tt><!DOCTYPE a [<!ENTITY b "c">]><body><p begin="1s">&b;</p></body></tt>', "a.ttml")


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_preformatted_page_keeps_its_lines():
    marks = ("\n\n[[Page H12]]\n\n", "\n{time}  1100\n")
    record = f"  Mr. BELMAR. We pay the four per cent{marks[0]}rise in May.\n{marks[1]}  Ms. AZAR. I welcome that.\n"
    made = document(f"<html><head><title>Record</title></head><body><pre>\n{record * 2}</pre></body></html>", "a.html")
    assert [turn.speaker for turn in made.turns] == ["Belmar", "Azar"] * 2
    assert made.title == "Record"
    assert made.sentences[0].text == "Mr. BELMAR. We pay the four per cent\nrise in May."
    assert made.notes == (("parts_left_out", "Left out of the text: running heads and page numbers (4 lines)."),)


def test_a_page_with_little_preformatted_text_is_read_as_a_page():
    page = (
        f"<html><body><article><p>{'The board signed the pay deal. ' * 20}</p><pre>a\n b</pre></article></body></html>"
    )
    assert "The board signed the pay deal. The board" in text_of(page, "a.html")


def test_an_article_is_read_without_what_surrounds_it():
    made = document(formats.PAGE, "a.html")
    assert made.text.split("\n\n") == [
        "Board and union reach deal", AGREED, PLEDGED, "What comes next", f"{WARNED} {OPPOSED}",
        "Asked whether it would cut services, the board said:", "No.",
    ]  # fmt: skip
    assert (made.title, made.published, made.author, made.language) == (
        "Board and union reach deal", date(2025, 3, 12), "Ines Falk", "en",
    )  # fmt: skip


@pytest.mark.parametrize("how", ["hidden", 'style="display: none"', 'style="visibility:hidden"', 'class="vjs-modal"'])
def test_what_a_page_hides_is_left_out_unless_it_hides_all(how: str):
    hidden = "This is a modal window that can be closed by pressing the Escape key."
    page = formats.PAGE.replace(f"<p>{PLEDGED}</p>", f"<div {how}><p>{hidden}</p></div><p>{PLEDGED}</p>")
    assert hidden not in text_of(page, "a.html")
    assert PLEDGED in text_of(page, "a.html")
    assert PLEDGED in text_of(formats.PAGE.replace("<article>", f"<article {how}>"), "a.html")


def test_evidence_of_a_page_has_the_heading_above_it():
    made = document(formats.PAGE, "a.html")
    assert location(made, "could collapse") == Place(heading="What comes next")


def test_the_whole_page_is_read_on_request(tmp_path: Path):
    path = tmp_path / "a.html"
    path.write_text(formats.PAGE, "utf-8")
    text = read(path, whole_page=True).text
    for words in ("Home", "We use cookies", AGREED, "A scandal", "All rights reserved"):
        assert words in text
    for words in ("gtag", "display", "<", "Marlow Gazette</title>"):
        assert words not in text


@pytest.mark.parametrize(
    ("declared", "encoding"), [("windows-1251", "cp1251"), ("iso-8859-1", "cp1252"), ("utf-8", "utf-8")]
)
def test_a_page_is_decoded_as_it_declares(declared: str, encoding: str):
    words = {"cp1251": "Правление порта согласилось повысить зарплату экипажам паромов."}.get(
        encoding, "Le conseil a décidé d’augmenter les salaires des équipages des bacs."
    )
    page = (
        f'<html><head><meta charset="{declared}"></head><body><article><p>{words}</p><p>{words} 2</p></article></body>'
    )
    assert words in text_of(page.encode(encoding), "a.html")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<html><body><nav>Home News</nav><script>var a = 1;</script></body></html>", "has no article"),
        ("<html><body><p>Sign in to read.</p><form><input type='password'></form></body></html>", "asks for a login"),
        (f"<html><body>{'<div>' * 100_000}<p>{AGREED}</p></body></html>", "nested too deeply"),
        (f"<html><body><p>{AGREED}</p>{' ' * 20_000_000}</body></html>", "is too large (20,000,"),
        ("<html>", "empty or damaged|has no article"),
    ],
)
def test_a_page_without_an_article_is_one_sentence(page: str, told: str, tmp_path: Path):
    path = tmp_path / "a.html"
    path.write_text(page, "utf-8")
    with pytest.raises(InputError, match=told.replace("(", r"\(")):
        read(path, max_characters=2_000_000)


def test_a_page_nested_a_thousand_deep_is_read():
    page = f"<html><body>{'<div>' * 1000}<article><p>{AGREED}</p><p>{PLEDGED}</p></article></body></html>"
    assert PLEDGED in text_of(page, "a.html")


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────

LEFT = [
    "The Marlow Harbour Board agreed on Tues-",
    "day to raise ferry pay after a three-",
    "week strike at the port.",
    "The industrial dispute is over, and the",
    "union will suspend all of its indus-",
    "trial action on Friday.",
]
RIGHT = [
    "Tom Reyes warned that the timetable",
    "could collapse without new boats. The",
    "Islanders opposed the deal and said",
    "that it would push up fares for long-",
    "and short-term visitors of the islands.",
    "They will vote.",
]
READ_LEFT = (
    "The Marlow Harbour Board agreed on Tuesday to raise ferry pay after a three-week strike at the port.\n\n"
    "The industrial dispute is over, and the union will suspend all of its industrial action on Friday."
)
READ_RIGHT = (
    "Tom Reyes warned that the timetable could collapse without new boats. The Islanders opposed the deal and said "
    "that it would push up fares for long- and short-term visitors of the islands. They will vote."
)


def paged(*bodies: list[tuple[float, float, str]]) -> bytes:
    """A PDF whose pages have a running head and a number."""
    return pdf(
        [(20, 10, "Marlow Gazette, harbour special"), *body, (100, 288, f"Page {number} of {len(bodies)}")]
        for number, body in enumerate(bodies, 1)
    )


def test_columns_are_read_one_after_the_other_without_heads_and_numbers():
    both = column(20, 40, LEFT) + column(110, 40, RIGHT)
    by_rows = [line for pair in zip(column(20, 40, LEFT), column(110, 40, RIGHT), strict=True) for line in pair]
    for page in (both, by_rows):
        made = document(paged([(20, 30, "Harbour special on a deal"), *page], page, page), "a.pdf")
        assert made.text.startswith(f"Harbour special on a deal\n\n{READ_LEFT}\n\n{READ_RIGHT}\n\n{READ_LEFT}")
        assert "Gazette" not in made.text
        assert "Page" not in made.text
        assert [code for code, _ in made.notes] == ["parts_left_out"]


@pytest.mark.parametrize(
    ("pages", "told"),
    [(1, "page 2, which may be scanned: read it"), (2, "pages 2 to 3, which may be scanned: read them")],
)
def test_pages_that_may_be_scanned_are_named(pages: int, told: str):
    made = document(formats.scan(pages=pages, text=AGREED), "a.pdf")
    assert made.notes == (("parts_left_out", f"Left out of the PDF: {told} with OCR."),)


def test_evidence_of_a_pdf_has_its_page():
    made = document(paged(column(20, 40, LEFT), column(20, 40, RIGHT)), "a.pdf")
    assert location(made, "three-week strike") == Place(page=1)
    assert location(made, "could collapse") == Place(page=2)


def test_a_paragraph_runs_on_over_a_page():
    first, second = (
        [*LEFT[:3], "The union, which has asked for more, said"],
        ["that it will end its action.", "It did."],
    )
    text = text_of(paged(column(20, 40, first), column(20, 40, second)), "a.pdf")
    assert "asked for more, said that it will end its action." in text


def test_rows_of_a_table_stay_rows():
    rows = [("Pay", "4 per cent"), ("Boats", "12"), ("Fares", "2.50"), ("Crews", "340"), ("Ports", "7")]
    cells = [(left, 60 + 6 * n, cell) for n, row in enumerate(rows) for left, cell in zip((20, 120), row, strict=True)]
    assert "Pay | 4 per cent\nBoats | 12\nFares | 2.50" in text_of(paged(column(20, 30, LEFT[:2]) + cells), "a.pdf")


def test_three_columns_are_read_one_after_the_other():
    middle = [f"and runs on in line {number}" for number in range(2, 8)]
    columns = [[f"Column {name} begins with these words", *middle, "and ends."] for name in ("one", "two", "three")]
    by_rows = [
        (left, 40 + 4.5 * number, columns[which][number])
        for number in range(8)
        for which, left in enumerate((15, 80, 145))
    ]
    text = text_of(paged(by_rows), "a.pdf")
    assert [words for words in text.split() if words in ("one", "two", "three")] == ["one", "two", "three"]
    assert text.count("and ends.\n\nColumn") == 2


def test_numbers_of_lines_are_left_out():
    lines = [f"words of line {'abcdefghijklmnopqrstuvwxy'[n]}" for n in range(25)]
    numbered = [
        (left, 30 + 9 * n, text) for n, line in enumerate(lines) for left, text in ((20, str(n + 1)), (32, line))
    ]
    assert not re.search(r"\d", text_of(pdf([numbered]), "a.pdf"))


def test_words_drawn_twice_are_read_once():
    lines = column(20, 40, LEFT)
    again = [(left + 0.2, top + 0.1, line) for left, top, line in lines]
    assert text_of(pdf([lines + again]), "a.pdf") == READ_LEFT


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (pdf([[(20, 20, AGREED)]], password="key"), "is protected by a password; save it without one"),
        (pdf([[(20, 20, AGREED)]])[:900], "is cut short: the end of the PDF is missing"),
        (b"%PDF-1.7\nnothing\n%%EOF", "is a damaged PDF"),
        (formats.scan(), "has no text, as a scan has none; read it with OCR"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_one_sentence(data: bytes, told: str):
    with pytest.raises(InputError, match=told):
        document(data, "a.pdf")


def test_reading_of_a_long_pdf_stops_where_it_is_too_long(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([column(20, 40, LEFT)] * 90))
    with pytest.raises(InputError, match=r"is too long \(\d\d,\d* characters; the limit is 2,000 characters\)"):
        read(path, max_characters=2_000)
    path.write_bytes(pdf([column(20, 40, LEFT)] * 300))
    with pytest.raises(InputError, match=r"is too long \(about .* characters; the limit is 20,000 characters\)"):
        read(path, max_characters=20_000)


# ── hyphens ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("It agreed on Tues-\nday to pay.", "It agreed on Tuesday\nto pay."),
        ("a three-\nweek strike", "a three-week\nstrike"),
        ("a well-\nknown man", "a well-known\nman"),
        ("short-\nand long-term plans", "short- and\nlong-term plans"),
        ("Okafor and Oka-\nfor agreed", "Okafor and Okafor\nagreed"),
        ("the re-elected; the re-\nelected mayor", "the re-elected; the re-elected\nmayor"),
        ("from Anglo-\nFrench talks", "from Anglo-French\ntalks"),
        ("at Keldra-\nvaig on the coast", "at Keldravaig\non the coast"),
        ("the Wash-\nington court", "the Washington\ncourt"),
        ("Der Hafenvor-\nstand will das Gehalt der Mannschaften nun anheben.", "Der Hafenvorstand\nwill das Gehalt"),
        ("the agree\u00adment and the agree\u00ad\nment", "the agreement and the agreement"),
        ("pages 3-\n4 and A-\n", "pages 3-\n4 and A-\n"),
    ],
)  # fmt: skip
def test_a_hyphen_at_the_end_of_a_line_is_joined_only_where_it_divides_a_word(text: str, read_as: str):
    assert document(f"{text}\n", "a.txt").text.startswith(read_as)


def test_nothing_is_lost_where_lines_end_with_hyphens():
    text = "-\n--\nx-\n\ny-\nz-\nw and-\n  more-\n"
    assert re.sub(r"\s", "", without_line_end_hyphens(text)) == re.sub(r"\s", "", text)


def test_ligatures_are_letters():
    assert text_of("Chief ﬁnance oﬃcer", "a.txt") == "Chief finance officer"


# ── Word, OpenDocument, RTF, Markdown, gzip ──────────────────────────────────────────────────────


def test_a_word_file_is_its_text_with_headings_and_accepted_changes():
    paragraphs = [("Heading 1", "Deal"), ("Normal", AGREED), ("Heading 2", "Fares"), ("Normal", OPPOSED)]
    made = document(word(paragraphs, deleted=" off", inserted=" reached"), "a.docx")
    assert made.text.split("\n\n") == ["Deal reached", AGREED, "Fares", OPPOSED, "Pay | 4 per cent"]
    assert location(made, "would push up fares") == Place(heading="Fares")


def test_an_open_document_is_its_text_without_notes():
    note = "<text:note><text:note-body><text:p>A note.</text:p></text:note-body></text:note>"
    body = (
        f"<text:h>Deal</text:h><text:p>The <text:span>board</text:span><text:s/>agreed{note} to pay.</text:p>"
        f"<text:list><text:list-item><text:p>{WARNED}</text:p></text:list-item></text:list>"
    )
    made = document(formats.open_document(body), "a.odt")
    assert made.text == f"Deal\n\nThe board agreed to pay.\n\n- {WARNED}"
    assert location(made, "agreed to pay") == Place(heading="Deal")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (archive({"a.txt": "x"}), "is a zip archive"),
        (archive({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}), "is a spreadsheet and not a Word"),
        (word([("Normal", AGREED)])[:4000], "is damaged or cut short"),
        (archive({"[Content_Types].xml": "<x/>", "word/document.xml": "<x"}), "is damaged"),
    ],
)
def test_a_word_file_that_is_something_else_is_one_sentence(data: bytes, told: str):
    with pytest.raises(InputError, match=told):
        document(data, "a.docx")


def word_of(body: str) -> Document:
    """A Word file with a body in XML."""
    spaces = " ".join(
        f'xmlns:{name}="{address}"'
        for name, address in {
            "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
            "v": "urn:schemas-microsoft-com:vml",
            "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        }.items()
    )
    main = f"<w:document {spaces}><w:body>{body}</w:body></w:document>"
    return document(archive({"[Content_Types].xml": "<x/>", "word/document.xml": main}), "a.docx")


def paragraph(*inner: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{each}</w:t></w:r>' if each[:1] != '<' else each for each in inner)}</w:p>"


BOX = f"<w:txbxContent>{paragraph('It is the first rise.')}{paragraph('The crews are glad.')}</w:txbxContent>"
NEW = f'<mc:Choice Requires="wps"><w:drawing>{BOX}</w:drawing></mc:Choice>'
OLD = f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
READ_BOX = "It is the first rise.\n\nThe crews are glad."


@pytest.mark.parametrize(
    "box",
    [
        f"<mc:AlternateContent>{NEW}{OLD}</mc:AlternateContent>",
        f'<mc:AlternateContent><mc:Choice Requires="x"><w:drawing/></mc:Choice>{OLD}</mc:AlternateContent>',
        f"<w:pict><v:textbox>{BOX}</v:textbox></w:pict>",
    ],
)
def test_a_text_box_of_word_is_read_once_behind_its_paragraph(box: str):
    made = word_of(paragraph("The board ", f"<w:r>{box}</w:r>", "will pay.") + paragraph("It met."))
    assert made.text == f"The board will pay.\n\n{READ_BOX}\n\nIt met."


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(*inner: str) -> str:
    return f"<w:tc>{''.join(inner)}</w:tc>"


def test_a_table_in_a_table_is_read_once():
    inner = table(*(cell(paragraph(f"Year {n}")) + cell(paragraph(f"{n}0 boats")) for n in (1, 2)))
    made = word_of(table(cell(paragraph(AGREED), inner) + cell(paragraph(OPPOSED))) + paragraph(WARNED))
    assert made.text.split("\n\n") == [AGREED, "Year 1 | 10 boats\nYear 2 | 20 boats", OPPOSED, WARNED]


def test_cells_and_rows_in_content_controls_are_read_and_deleted_rows_are_not():
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph('No'))}{cell(paragraph('more'))}</w:tr>"
    rows = table(cell(paragraph("Pay")) + control.format(cell(paragraph("4 %"))))
    more = control.format(f"<w:tr>{cell(paragraph('Boats'))}{cell(paragraph('12'))}</w:tr>")
    made = word_of(rows.replace("</w:tbl>", f"{more}{deleted}</w:tbl>"))
    assert made.text == "Pay | 4 %\nBoats | 12"


def test_formulas_of_word_are_read_and_bullets_of_fonts_of_symbols_are_bullets():
    made = word_of(paragraph("Pay is ", "<m:oMath><m:r><m:t>p=4x</m:t></m:r></m:oMath>") + paragraph("\uf0b7 Boats"))
    assert made.text == "Pay is p=4x\n\n• Boats"


def test_what_is_left_out_of_a_word_file_is_said():
    note, comment, chart = "<w:footnoteReference/>", "<w:commentReference/>", "<c:chart/>"
    made = word_of(paragraph(AGREED, f"<w:r>{note}{note}{comment}</w:r>", f"<w:r>{chart}</w:r>"))
    assert made.notes == (("parts_left_out", "Left out of the Word file: 2 footnotes; 1 comment; 1 chart."),)


def test_an_open_document_with_a_table_in_a_table_or_a_note():
    inner = "<table:table><table:table-row><table:table-cell><text:p>In</text:p></table:table-cell></table:table-row>"
    outer = inner.replace("</text:p>", f"</text:p>{inner}</table:table>").replace(
        "</table:table-row>", "</table:table-row></table:table-header-rows>", 2
    )
    outer = outer.replace("<table:table-row>", "<table:table-header-rows><table:table-row>")
    made = document(formats.open_document(f"<text:p>It met.<text:note/></text:p>{outer}</table:table>"), "a.odt")
    assert made.text == "It met.\n\nIn In"
    assert made.notes == (("parts_left_out", "Left out of the OpenDocument text: 1 footnote."),)


def test_protected_documents_are_named_as_such():
    manifest = "<manifest><encryption-data/></manifest>"
    kind = "application/vnd.oasis.opendocument.text"
    with pytest.raises(InputError, match=r"a\.odt is protected by a password; save it without one"):
        document(archive({"mimetype": kind, "content.xml": "?", "META-INF/manifest.xml": manifest}), "a.odt")
    with pytest.raises(InputError, match=r"a\.docx is protected by a password; save it without one"):
        document(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le") + b"\0", "a.docx"
        )


def test_text_boxes_of_rtf_follow_their_paragraph_and_footnotes_are_said():
    box = rb"{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv 2}}{\shptxt The crews are {\b glad}.\par}}{\shprslt x}}"
    note = rb"{\footnote It met \{twice\}.}"
    made = document(rb"{\rtf1 The board " + box + rb"will pay." + note + rb"\par It met.\par}", "a.rtf")
    assert made.text == "The board will pay.\n\nThe crews are glad.\n\nIt met."
    assert made.notes == (("parts_left_out", "Left out of the RTF file: 1 footnote."),)
    assert text_of(rb"{\rtf1 It met. " + box + b"}", "a.rtf") == "It met.\n\nThe crews are glad."


def test_text_boxes_of_rtf_that_never_end_are_read_in_linear_time():
    assert text_of(rb"{\rtf1 It met.\par " + rb"{\shp{\shptxt a" * 20_000 + b"}", "a.rtf").startswith("It met.")


def test_cells_of_rtf_are_set_apart():
    rows = rb"\trowd\intbl Pay\cell 4 %\cell\row\trowd\intbl Boats\cell 12\cell\row"
    assert text_of(rb"{\rtf1 " + rows + b"}", "a.rtf").split("\n\n") == ["Pay | 4 %", "Boats | 12"]


def test_hidden_words_of_word_are_left_out_and_those_whose_mark_is_off_are_read():
    made = word_of(
        paragraph("The board ", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>never </w:t></w:r>")
        + paragraph('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>will pay.</w:t></w:r>')
    )
    assert made.text == "The board\n\nwill pay."


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("word/document2.xml", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("word/document.xml", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
    ],
)
def test_a_word_file_may_have_another_main_part_or_the_strict_form(name: str, space: str):
    body = f'<w:document xmlns:w="{space}"><w:body>{paragraph(AGREED)}</w:body></w:document>'
    assert text_of(archive({"[Content_Types].xml": "<Types/>", name: body}), "a.docx") == AGREED


def test_tracked_deletions_of_rtf_are_left_out_and_its_character_set_counts():
    changed = (
        rb"{\rtf1\mac The caf\'8e {\rtlch\deleted\revauthdel1 refused }{\revised agreed}. {\deleted0 It met.}\par}"
    )
    assert text_of(changed, "a.rtf") == "The café agreed. It met."


def test_rtf_is_its_text_in_the_encoding_that_it_declares():
    made = document(formats.RTF, "a.rtf")
    assert (made.text, made.title) == ("The board agreed to pay.\n\nПравление done.", "Deal")


def test_markdown_is_its_text_and_links_keep_their_words():
    made = document(formats.MARKDOWN, "a.md")
    assert made.text.split("\n\n") == [
        "Board and union reach deal", "The Marlow Harbour Board agreed to raise pay.", "What comes next",
        f"- {WARNED}\n- A second point", "item | change\nPay | 4 %", "A ferry",
    ]  # fmt: skip
    assert (made.title, made.published, made.author) == ("Board and union reach deal", date(2025, 3, 12), "Ines Falk")
    assert location(made, "could collapse") == Place(heading="What comes next")


PACKERS = pytest.mark.parametrize("packed", [formats.packed, bz2.compress, lzma.compress])


@PACKERS
@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz", "", ".dat"])
@pytest.mark.parametrize(("data", "name"), [(AGREED.encode(), "a.txt"), (mail(AGREED), "a.eml")])
def test_a_compressed_file_is_read_as_what_it_is(data: bytes, name: str, ending: str, packed: Callable[[bytes], bytes]):
    assert AGREED in text_of(packed(data) + packed(data), f"{name}{ending}")


def test_the_ending_before_that_of_a_compressed_file_counts():
    assert text_of(bz2.compress(b"**Pay** rises."), "a.md.BZ2") == "Pay rises."


@PACKERS
def test_a_compressed_file_is_unpacked_only_up_to_the_limit(tmp_path: Path, packed: Callable[[bytes], bytes]):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(packed(b"The council met. " * 2_000_000))
    with pytest.raises(InputError, match="is too long"):
        read(path, max_characters=1000)
    path.write_bytes(packed(AGREED.encode() * 50)[:-9])
    with pytest.raises(InputError, match="is cut short"):
        read(path)
    path.write_bytes(packed(packed(AGREED.encode())))
    with pytest.raises(InputError, match="is compressed twice"):
        read(path)
    whole = packed(AGREED.encode() * 50)
    path.write_bytes(whole[:14] + bytes(9) + whole[23:])
    with pytest.raises(InputError, match="is damaged: it cannot be unpacked as"):
        read(path)


@pytest.mark.parametrize(
    "begin", [b"\x28\xb5\x2f\xfd", b"\x1f\x9d\x90", b"\x04\x22\x4d\x18", b"7z\xbc\xaf\x27\x1c", b"LZIP"]
)
def test_other_compressed_files_are_refused_with_the_cure(begin: bytes):
    with pytest.raises(InputError, match=r"a\.txt is an archive; unpack it, or compress it as \.gz\."):
        document(begin + bytes(range(256)), "a.txt")


@PACKERS
def test_a_compressed_file_without_content_is_empty(packed: Callable[[bytes], bytes]):
    with pytest.raises(InputError, match=r"a\.txt is empty"):
        document(packed(b""), "a.txt")


# ── offsets ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (mail("\n\n".join(SENTENCES)), "a.eml"),
        (formats.PAGE.encode(), "a.html"),
        (formats.VTT.encode(), "a.vtt"),
        (formats.SRT.encode(), "a.srt"),
        (formats.MARKDOWN.encode(), "a.md"),
        (word([("Normal", each) for each in SENTENCES]), "a.docx"),
        (paged(column(20, 40, LEFT), column(20, 40, RIGHT)), "a.pdf"),
    ],
)
def test_places_are_in_order_and_within_the_text_and_each_sentence_is_cut_out_by_its_offsets(data: bytes, name: str):
    made = document(data, name)
    starts = [place.start for place in made.places]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(made.text) for start in starts)
    assert all(made.text[s.start : s.end] == s.text for s in made.sentences)


def test_a_place_reaches_to_the_next_one():
    made = replace(Document.from_text("One. Two."), places=(Place(0, page=1), Place(5, page=2)))
    assert [made.place(start).page for start in (0, 4, 5, 8)] == [1, 1, 2, 2]  # type: ignore[union-attr]


# ── files made to deceive or to stall ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("run", ["a", "港", "ก", "’"])
def test_a_long_run_without_spaces_is_read_in_linear_time(run: str):
    assert without_line_end_hyphens(f"A well-\nknown {run * 2_000_000}", "en").startswith("A well-known\n")


@pytest.mark.parametrize("run", ["<", "<script ", "<!--"])
def test_tags_that_never_end_are_read_in_linear_time(run: str):
    for name, data in (
        ("a.eml", mail(f"{AGREED}\n\n{run * 200_000}")),
        ("a.md", f"{AGREED}\n\n<div>\n{run * 200_000}".encode()),
    ):
        assert AGREED in registry.reader_for(data, name).read(data, About(source=name)).text


@pytest.mark.parametrize(
    "top",
    [
        "---\nThe board met on Tuesday.\n---\n",
        "---\n\n---\n",
        "---\nstatus: open\nThe board met on Tuesday.\n---\n",
        "---\n- The board met on Tuesday.\n---\n",
    ],
)
def test_markdown_that_begins_with_a_rule_loses_nothing(top: str):
    text = text_of(f"{top}{AGREED}\n".encode(), "a.md")
    assert AGREED in text and ("The board met on Tuesday." in text) == ("board" in top)


def test_front_matter_may_be_toml():
    top = '+++\ntitle = "Ferry deal"\ndate = 2025-03-12T09:30:00Z\nauthor = "Ines Falk"\ntags = ["port"]\n+++\n'
    read_as = document(f"{top}{AGREED}\n", "a.md")
    assert (read_as.title, read_as.published, read_as.author) == ("Ferry deal", date(2025, 3, 12), "Ines Falk")
    assert read_as.text.strip() == AGREED
    assert "status" in text_of(f"+++\nstatus: open\n+++\n{AGREED}\n", "a.md")


def test_front_matter_may_have_lists_comments_and_nested_fields():
    top = "---\n# of the desk\ntitle: Ferry deal\ntags:\n- port\n- pay\nmore:\n  desk: news\nlist: [\na: 1\n]\n\n---\n"
    read_as = document(f"{top}{AGREED}\n", "a.md")
    assert (read_as.title, read_as.text.strip()) == ("Ferry deal", AGREED)


@pytest.mark.parametrize("declared", ["utf-16", "utf-16le", "utf-32", "cp437", "cp037"])
def test_a_declared_encoding_that_the_bytes_do_not_have_gives_way_to_utf_8(declared: str):
    for words in ("The café agreed on Tuesday.", "The café agreed on Tuesday to it."):
        found = decode(words.encode(), source="x", declared=declared)
        assert found.text == words
        assert [code for code, _ in found.notes] == ["encoding_guessed"]
    assert decode("Der Rat".encode(declared), source="x", declared=declared) == Decoded("Der Rat")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_several_mails_in_one_file_are_refused_with_their_number(end: str):
    above = "From clerk@harbour.example Thu Jun 20 09:14:00 2024\n"
    one = above + mail(f"{AGREED}\n\nFrom Monday on the ferries run.\n").decode().replace("\r\n", "\n")
    assert AGREED in text_of(one.replace("\n", end).encode(), "a.mbox")
    bare = f"{above}Subject: Pay\n\n{AGREED}\n"
    assert document(bare.replace("\n", end).encode(), "a").title == "Pay"
    with pytest.raises(InputError, match=r"an mbox with 3 mails; split it"):
        document((f"{one}\n" * 3).replace("\n", end).encode(), "a.mbox")


def test_a_word_file_with_entities_is_refused():
    packed_file = io.BytesIO()
    body = "<w:p><w:r><w:t>&fact;</w:t></w:r></w:p><w:p><w:r><w:t>It agreed.</w:t></w:r></w:p>"
    with zipfile.ZipFile(packed_file, "w") as file:
        file.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY fact "The board refused.">]><w:document xmlns:w='
            f'"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
        )
    with pytest.raises(InputError, match="as entities of a document type, which are not read; open it"):
        document(packed_file.getvalue(), "a.docx")


def test_a_file_of_which_only_the_beginning_is_read_is_said_to_be_longer_than_the_limit():
    with pytest.raises(InputError, match=r"too long \(more than 44 bytes; the limit is 10 characters\)"):
        read_file(io.BytesIO(b"The council met. " * 10_000), source="-", max_characters=10)
