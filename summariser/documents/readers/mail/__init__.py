"""E-mail: the newest message of a mail, with its subject as the title and its day from the header."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import policy
from email.errors import InvalidBase64LengthDefect, MessageError
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from summariser.documents.readers import web_pages
from summariser.documents.readers.encodings import decode
from summariser.documents.readers.mail.inline_files import without_files
from summariser.documents.readers.mail.quoted import is_cover, newest
from summariser.documents.readers.pgp import is_encrypted
from summariser.documents.readers.registry import About, Reader
from summariser.documents.reading import Note, Reading
from summariser.errors import InputError
from summariser.text import normalise

_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:From [^\n]+\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_ENVELOPE = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From (?:\S+@|[^\n]*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)[^\n]*\n"
    rb"(?=[A-Za-z][A-Za-z0-9-]*:)"
)
"""The line above each mail of an mbox."""
_TAGS = re.compile(rb"<(style|script)\b(?:(?!<\1\b).)*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_TRANSPORT = ("message-id", "received", "mime-version", "return-path", "delivered-to", "dkim-signature")
_COUNT = re.compile(rb"\d{1,12}[ \t]*\r?\n(?=[A-Za-z][A-Za-z0-9-]*:)")  # of bytes, above a mail of Apple
_PROPERTIES = re.compile(rb"<\?xml [^>]*>\s*<!DOCTYPE plist\b.*\Z", re.DOTALL)  # below it
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_OF_ENCRYPTION = ("application/pgp-encrypted", *_SMIME)
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the kind of what S/MIME wraps
_ATTACHED_MAIL = "an attached mail"
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_FORWARDS = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|i|vb|vl|pd|doorst|ilt|továbbítás|转发|轉寄|転送|전달)\s?[:：]", re.IGNORECASE
)
_FAULTS = (ValueError, IndexError, LookupError, MessageError, AttributeError, TypeError)
"""What the parser of the standard library raises at malformed headers."""
_DAMAGED = (
    "parts_left_out",
    "The text of the mail is encoded in base64 that is cut short or damaged; words are missing.",
)
_LONGEST_FOOTER = 40  # words
_ENOUGH = 0.5  # of the words of the longest alternative of a mail, for the plain one to be its text
_RULE = re.compile(r"\s*[_=-]{5,}")
_MOST_BYTES = 50_000_000


def recognises(data: bytes) -> bool:
    """Return True if a file begins with the headers of a mail, not only with lines that a person would write."""
    data = _COUNT.sub(b"", data.removeprefix(b"\xef\xbb\xbf"), count=1) if _COUNT.match(data) else data
    if _ENVELOPE.match(data):
        return True
    found = _HEADERS.match(data.replace(b"\r\n", b"\n"))
    if found is None:
        return False
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(found[0].removeprefix(b"\xef\xbb\xbf"))
    if "from" not in message and "received" not in message:
        return False
    return any(name in message for name in _TRANSPORT) or _day(message.get("date")) is not None


def read(data: bytes, about: About) -> Reading:
    """Return the newest message of a mail.

    Raises:
        InputError: The mail has no text or no headers, or the file holds several mails.
    """
    data = _without_frame(data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    mails = len(_ENVELOPE.findall(data)) if data.startswith(b"From ") else 1
    if mails > 1:
        raise InputError(
            f"{about.source} is an mbox with {mails:,} mails; split it, for example with git mailsplit, "
            "and give each mail as a file."
        )
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not message.keys():
        raise InputError(f"{about.source} is no mail: it has no headers; save the mail as .eml.")
    return _reading(message, about)


def _without_frame(data: bytes) -> bytes:
    """Return a mail of Apple without the number of its bytes above it and the properties below it."""
    count = _COUNT.match(data)
    if count is None:
        return data
    whole, properties = data[count.end() :], data[count.end() + int(count[0]) :]
    return whole[: int(count[0])] if _PROPERTIES.match(properties.lstrip()) else _PROPERTIES.sub(b"", whole)


def _reading(message: EmailMessage, about: About) -> Reading:
    """Return the newest message of a mail; of a mail that only carries another one, that one."""
    parts = list(_parts(message))
    text, within, notes = _text(parts, about)
    if message.get("Snapshot-Content-Location"):  # a page that a browser saved as one file
        return _page(parts, about) or Reading(text=text)
    attached = [_name(part) for part in parts if _is_attached(part)] + within
    carried = _carried_by(parts)
    if carried is not None and not text.strip():
        return _with_notes(_reading(carried, about), [], attached)
    if not text.strip():
        raise _without_text(parts, attached, about)
    if is_encrypted(text) or _is_footer(text, parts):
        raise _without_text(parts, attached, about)
    text, left_out, by, sent = newest(text)
    if carried is not None and _FORWARDS.match(_header(message, "subject")):
        inner = _reading(carried, about)
        if is_cover(text, inner.text):
            return _with_notes(inner, ["the lines above the forwarded message"], attached)
    left_out += [_counted(len(attached), "attachment", ", ".join(attached))] if attached else []
    notes += (_left_out(left_out),) if left_out else ()
    subject = _header(message, "subject")
    return Reading(
        text=f"{subject}\n\n{text}" if subject else text,
        title=subject or None,
        published=_day_in(sent) or _day_in(_header(message, "date")),
        author=_author(by or _header(message, "from")),
        notes=notes,
    )


def _with_notes(inner: Reading, left_out: list[str], attached: list[str]) -> Reading:
    """Return what an attached mail holds, with a note on what was left out of the mail that carries it."""
    others = [name for name in attached if name != _ATTACHED_MAIL]
    left_out += [_counted(len(others), "attachment", ", ".join(others))] if others else []
    notes = (*inner.notes, *((_left_out(left_out),) if left_out else ()))
    return replace(inner, notes=tuple(dict.fromkeys(notes)))


def _left_out(parts: list[str]) -> Note:
    return "parts_left_out", f"Left out of the mail: {'; '.join(parts)}."


def _is_footer(text: str, parts: list[EmailMessage]) -> bool:
    """Return True if a text is only what a mailing list adds to a mail that is encrypted or signed as a whole."""
    footer = _RULE.match(text) is not None and len(text.split()) <= _LONGEST_FOOTER
    return footer and any(part.get_content_type() in _OF_ENCRYPTION for part in parts)


def _without_text(parts: list[EmailMessage], attached: list[str], about: About) -> InputError:
    """Return the error of a mail in which there is nothing to read, with what to do."""
    if any(part.get_content_type() in _SMIME and _SIGNED_DATA in _data(part)[:64] for part in parts):
        return InputError(
            f"{about.source} is a signed mail whose text stands within its signature (S/MIME); "
            "open it in a mail program, and save its text."
        )
    if any(
        part.get_content_type() in _OF_ENCRYPTION or is_encrypted(_data(part)[:99].decode("ascii", "ignore"))
        for part in parts
    ):
        return _encrypted(about)
    if any(part.get_content_type() in _TNEF or _name(part).casefold() == "winmail.dat" for part in parts):
        return InputError(
            f"{about.source} is a mail of Outlook whose text is in winmail.dat; open it in Outlook, and save its text."
        )
    if attached:
        names = ", ".join(attached)
        return InputError(f"{about.source} is a mail with only attachments ({names}); give them as files.")
    return InputError(f"{about.source} is a mail without text; check that it is complete.")


def _carried_by(parts: list[EmailMessage]) -> EmailMessage | None:
    """Return the mail that is attached to a mail, if there is exactly one."""
    found = [part for part in parts if part.get_content_type() == "message/rfc822"]
    return _carried(found[0]) if len(found) == 1 else None


def _carried(part: EmailMessage) -> EmailMessage | None:
    """Return the mail that a part carries, also if it is encoded though it should not be; None if there is none."""
    inner = part.get_payload(0)
    if isinstance(inner, EmailMessage) and not inner.keys():
        encoded = str(part.get("content-transfer-encoding", "")).strip().casefold() == "base64"
        data = _of_base64(str(inner.get_payload())) if encoded else b""
        inner = BytesParser(policy=policy.default).parsebytes(data) if data else inner
    return inner if isinstance(inner, EmailMessage) else None


def _encrypted(about: About) -> InputError:
    return InputError(f"{about.source} is an encrypted mail; decrypt it in a mail program, and save its text.")


def _data(part: EmailMessage) -> bytes:
    """Return the bytes of a part, of base64 that is cut short or damaged what can be read."""
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    if _is_damaged(part):
        return _of_base64(data.decode("ascii", "ignore"))
    return data


def _is_damaged(part: EmailMessage) -> bool:
    """Return True if the base64 of a part, after it was decoded, turned out to lack characters."""
    return any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects)


def _of_base64(text: str) -> bytes:
    """Return the bytes of base64 that may be cut short."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text)
    return base64.b64decode(letters[: len(letters) // 4 * 4])


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts that are no containers; of alternatives only one, and nothing of attached mails."""
    kind = message.get_content_maintype()
    if message.get_content_type() == "multipart/alternative":
        yield from _alternative(message)
    elif kind == "multipart":
        for part in message.iter_parts():
            if isinstance(part, EmailMessage):
                yield from _parts(part)
    else:
        yield message


def _alternative(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts of the plainest alternative that has text."""
    choices = [list(_parts(part)) for part in message.iter_parts() if isinstance(part, EmailMessage)]
    choices = [parts for parts in choices if any(part.get_content_maintype() == "text" for part in parts)] or choices
    plain = [parts for parts in choices if any(_is_text(part, "plain") and _words(part) > 0 for part in parts)]
    longest = max((sum(map(_words, parts)) for parts in choices), default=0)
    enough = [parts for parts in plain if sum(map(_words, parts)) > _ENOUGH * longest]  # not "See the HTML version"
    yield from (enough or choices[-1:] or [[]])[0]


def _words(part: EmailMessage) -> int:
    if part.get_content_maintype() != "text":
        return 0
    return len(_TAGS.sub(b" ", _data(part)).split())


def _is_text(part: EmailMessage, subtype: str) -> bool:
    return part.get_content_type() == f"text/{subtype}" and not _is_attached(part)


def _is_attached(part: EmailMessage) -> bool:
    return (
        part.is_attachment()
        or part.get_content_maintype() != "text"
        or part.get_content_subtype()
        not in (
            "plain",
            "html",
            "enriched",
        )
    )


def _name(part: EmailMessage) -> str:
    if part.get_content_type() == "message/rfc822":
        return _ATTACHED_MAIL
    return normalise(part.get_filename() or "") or part.get_content_type()


def _counted(number: int, noun: str, names: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'} ({names})"


def _text(parts: list[EmailMessage], about: About) -> tuple[str, list[str], tuple[Note, ...]]:
    """Return the text of the parts that are shown, the names of the files within it, and the notes on encodings."""
    plain = [part for part in parts if _is_text(part, "plain") or _is_text(part, "enriched")]
    plain = plain if any(map(_words, plain)) else []
    texts: list[str] = []
    names: list[str] = []
    notes: list[Note] = []
    for part in plain or [part for part in parts if _is_text(part, "html")]:
        data, charset = _data(part), part.get_content_charset()
        if not data.strip():
            continue
        notes += (_DAMAGED,) if _is_damaged(part) else ()
        if part.get_content_subtype() == "html":
            texts.append(web_pages.shown_text(data, About(source=about.source, charset=charset), mail=True))
            continue
        data, files = without_files(data)
        names += files
        if not data.strip():
            continue
        decoded = decode(data, source=about.source, declared=charset)
        texts.append(_unflowed(decoded.text, part))
        notes += decoded.notes
    return "\n\n".join(texts), names, tuple(dict.fromkeys(notes))


def _unflowed(text: str, part: EmailMessage) -> str:
    """Return a text of the format "flowed" with its soft line breaks removed (RFC 3676)."""
    if str(part.get_param("format")).casefold() != "flowed":
        return text
    join = "" if str(part.get_param("delsp")).casefold() == "yes" else " "
    lines: list[str] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        quoted, words = line[:depth], line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        words = words[:-1] if soft else words
        if open_depth == depth and words != "-- ":
            lines[-1] += join + words
        else:
            lines.append(f"{quoted} {words}" if quoted else words)
        open_depth = depth if soft else None
    return "\n".join(lines)


def _page(parts: list[EmailMessage], about: About) -> Reading | None:
    for part in parts:
        data = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(data, bytes):
            about = About(source=about.source, charset=part.get_content_charset(), whole_page=about.whole_page)
            return web_pages.read(data, about)
    return None


def _header(message: EmailMessage, name: str) -> str:
    """Return a header in one line, also if its letters are not encoded as they should be; empty if it is missing."""
    raw = next((str(value) for key, value in message.raw_items() if key.casefold() == name), "")
    if any("\udc80" <= character <= "\udcff" for character in raw):
        data = raw.encode("utf-8", "surrogateescape")
        try:
            text = decode(data, source=name, declared=_charset(message)).text
        except InputError:
            text = data.decode("cp1252", "replace")
    else:
        try:
            text = str(message.get(name, ""))
        except _FAULTS:
            text = raw
    return " ".join(normalise(text).split())


def _charset(message: EmailMessage) -> str | None:
    """Return the encoding that the first part with text declares."""
    return next((charset for part in message.walk() if (charset := part.get_content_charset())), None)


def _day(header: object) -> date | None:
    try:
        return parsedate_to_datetime(str(header or "")).date()
    except _FAULTS:
        return None


def _day_in(words: str) -> date | None:
    """Return the day in a header of a mail, also if it has another form than the standard's."""
    from summariser.documents.publication import find_date

    return _day(words) or find_date(words)


def _author(senders: str) -> str | None:
    """Return the names of senders, or their addresses if they have no names."""
    found = getaddresses([re.sub(r"\s*\[mailto:[^\]\s]*\]", "", senders)])
    return ", ".join(name or address for name, address in found if name or address) or None


READER = Reader(
    name="e-mail",
    endings=frozenset({".eml", ".emlx", ".mht", ".mhtml"}),
    read=read,
    recognises=recognises,
    most_bytes=_MOST_BYTES,
)
