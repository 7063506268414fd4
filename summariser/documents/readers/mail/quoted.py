"""The newest message of a mail, apart from what it quotes, forwards and signs."""

import re
from typing import NamedTuple

from summariser.documents.readers.pgp import without_armour

_QUOTED = re.compile(r"[^\S\n]?>")
_ADDRESS = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_SAID = (
    r"wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał(?:a|\(a\))?|napsal(?:a|\(a\))?"
    r"|написала?|пишет|kirjoitti|yazdı|írta|a scris|έγραψε|написав|写道|寫道|のメール|さんは書きました|님이 작성|كتب"
)
_ATTRIBUTION = re.compile(rf"[^\n]*\b(?:{_SAID})[^\n]{{0,80}}:\s*|[^\n]*(?:写道|寫道|작성)[:：]\s*", re.IGNORECASE)
_OPENING = re.compile(r"\s*(?:On|Am|Le|El|Il|Em|Op|Den|På|Dne|Dnia|W dniu|В|\d+)\b")
_SEPARATOR = re.compile(
    r"\s*(?:[-_]{2,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|message d['’]origine|"
    r"mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|forwarded message|"
    r"weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|"
    r"пересылаемое сообщение|исходное сообщение|reply message|原始邮件|转发的邮件|元のメッセージ)\s*[-_]{2,}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message (?:réexpédié|transféré)\s?:"
    r"|inicio del mensaje reenviado:|inizio messaggio inoltrato:)\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"forwarded|weitergeleitet|transféré|réexpédié|reenviado|inoltrato|encaminhada|пересылаемое|转发", re.IGNORECASE
)
_FROM = "from|von|de|da|van|från|fra|od|feladó|lähettäjä|kimden|від|от|από|发件人|寄件者|差出人|보낸 ?사람|من"
_SENT = (
    "sent|date|gesendet(?: am)?|datum|envoyé(?: le)?|enviado(?: el)?|fecha|inviato|data|enviada(?: em)?|verzonden|"
    "skickat|sendt|dato|wysłano|odesláno|odoslané|küldve|dátum|lähetetty|päivämäärä|gönderilme|gönderildi|tarih|trimis|"
    "надіслано|отправлено|дата|στάλθηκε|ημερομηνία|发送时间|日期|傳送時間|送信日時|日時|보낸 ?날짜|날짜|"
    "تاريخ الإرسال|التاريخ"
)
_OTHER_HEADERS = (
    "to|cc|kopie|kopia|kopi|subject|reply-to|an|betreff|à|objet|para|asunto|a|oggetto|assunto|aan|onderwerp|till|ämne|"
    "til|emne|do|temat|komu|předmět|predmet|címzett|tárgy|vastaanottaja|aihe|kime|konu|către|subiect|кому|тема|копия|"
    "копія|προς|θέμα|收件人|主题|收件者|主旨|抄送|宛先|件名|받는 ?사람|제목|إلى|الموضوع"
)
_HEADER = re.compile(
    rf"\s*\*?(?:(?P<by>{_FROM})|(?P<sent>{_SENT})|{_OTHER_HEADERS})\s?\*?\s?[:：]\*?\s?(?P<value>.*)", re.IGNORECASE
)
_CLOCK = r"\b\d{1,2}[:.]\d{2}\b"
_DAY_AND_TIME = re.compile(rf"\b[12]\d{{3}}\b.*?{_CLOCK}")  # "11 Mar 2025 at 10:00"
_OF_ADDRESS = re.compile(rf"[^\n]*<{_ADDRESS}>\s?[:：]\s*")  # Gmail writes no verb in some languages
_RULE = re.compile(r"\s*[-_]{5,}\s*")
_SIGNATURE = re.compile(r"-- ?")
_SIGN_OFF = re.compile(  # the last line of a mail that a program adds
    r"\s*(?:(?:sent (?:from|via|with)|get) (?:my |mail for |outlook|proton|yahoo|gmail|the all-new|samsung|blackberry)"
    r"|(?:von meinem|gesendet (?:von|mit)|envoyé (?:de|depuis)|enviado (?:desde|do|a partir do|con|com)"
    r"|inviato (?:da|con)|verzonden (?:vanaf|met|vanuit)|skickat från|sendt fra|lähetetty|wysłane z"
    r"|odesláno z|отправлено (?:с|из)|надіслано з)"
    r"\s.{0,30}\b(?:i?phone|ipad|android|outlook|mail|smartphone|samsung|gerät|appareil|móvil|telefon)"
    r"|发自我的|從我的.{0,12}傳送|iphoneから送信|나의 iphone에서 보냄)[^\n]{0,80}",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(
    r"[_=-]{20,}\s*\n[^\n]*(?:mailing list|mailinglist|liste de diffusion|lista de)", re.IGNORECASE
)
_ESCAPED = re.compile(r">(?=>*From )")  # as programs that keep several mails in a file write "From "
_FEWEST_HEADERS = 3
_LONGEST_SIGNATURE = 12  # lines
_LONGEST_COVER = 40  # words above a forwarded message that only pass it on
_COVER_SHARE = 0.5  # of the words of the forwarded message


class Newest(NamedTuple):
    """The newest message of a mail.

    Attributes:
        text: Its text.
        left_out: What was left out of the mail, in words.
        by: The sender in the headers of a forwarded message; "" if the mail itself is the newest message.
        sent: The day in these headers, as they write it.
    """

    text: str
    left_out: list[str]
    by: str = ""
    sent: str = ""


def newest(text: str) -> Newest:
    """Return the newest message of a mail.

    Quoted lines go with the line that introduces them, and everything from the header of an earlier message on. A mail
    that has no words of its own above a forwarded message, or only a few that pass it on, is that message.

    Args:
        text: The text of the mail.
    """
    text, armour = without_armour(_with_line_ends(text))
    found = _newest(text)
    return found._replace(left_out=[*found.left_out, *armour])


def _newest(text: str) -> Newest:
    lines = _with_from(text.split("\n"))
    own, earlier = _split(lines)
    forwarded = _without_headers(earlier) if _is_cover(own, earlier) else None
    if forwarded:
        note = [f"{_lines(len(own))} above the forwarded message"] if _has_words(own) else []
        told = dict.fromkeys((*note, "the headers of the forwarded message", *forwarded.left_out))
        return forwarded._replace(left_out=list(told))
    if not _has_words(own):
        return Newest("\n".join(_unquoted(lines)), [])
    left_out = [f"{_lines(len(earlier))} of an earlier message"] if _has_words(earlier) else []
    kept, quoted = _without_quotes(own)
    left_out += [f"{_lines(quoted)} of quotation"] if quoted else []
    if not _has_words(kept):
        kept, left_out = _unquoted(own), left_out[:-1]
    kept, signature = _without_signature(kept)
    left_out += ["the signature"] if signature else []
    return Newest("\n".join(kept).strip("\n"), left_out)


def _with_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with_from(lines: list[str]) -> list[str]:
    """Return the lines with "From " where a program wrote ">From ", which is no quotation if it stands alone."""
    alone = [
        _ESCAPED.match(line) and not any(map(_QUOTED.match, (before, after)))
        for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False)
    ]
    return [line[1:] if escaped else line for escaped, line in zip(alone, lines, strict=True)]


def is_cover(own: str, forwarded: str) -> bool:
    """Return True if words are so few that they only pass on a forwarded message."""
    words, behind = (len(re.findall(r"\w+", text)) for text in (own, forwarded))
    return words <= min(_LONGEST_COVER, _COVER_SHARE * behind)


def _is_cover(own: list[str], earlier: list[str]) -> bool:
    """Return True if the words above an earlier message are none, or a few that pass on a forwarded message."""
    marked = bool(earlier) and _SEPARATOR.fullmatch(earlier[0]) and _FORWARDED.search(earlier[0])
    return not _has_words(own) or bool(marked and is_cover(" ".join(own), " ".join(earlier)))


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"


def _has_words(lines: list[str]) -> bool:
    return any(character.isalnum() for line in lines for character in line)


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines before the first earlier message that is not marked by ">", and the lines from there on."""
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            continue
        if _SEPARATOR.fullmatch(line) or _begins_headers(lines, number):
            before = number - 1 if number and _RULE.fullmatch(lines[number - 1]) else number
            return lines[:before], lines[number:]
        last = _attribution_ends(lines, number)
        if last is not None and not _is_quoted_next(lines, last):
            said = " ".join(lines[number : last + 1])
            if "@" in said or _begins_attribution(said):
                return lines[:number], lines[number:]
    return lines, []


def _begins_headers(lines: list[str], number: int) -> bool:
    """Return True if the headers of an earlier message begin at a line: three, with sender and day."""
    found = []
    for line in lines[number : number + 8]:
        if not (header := _HEADER.fullmatch(line)):
            break
        found.append(header)
    if len(found) < _FEWEST_HEADERS or not all(any(header[name] for header in found) for name in ("by", "sent")):
        return False
    return re.search(rf"{_ADDRESS}|\d{{4}}", " ".join(header[0] for header in found)) is not None


def _attribution_ends(lines: list[str], number: int) -> int | None:
    """Return the number of the last line of "On … wrote:", which may be broken into three lines; None if it is none."""
    for last in range(number, min(number + 3, len(lines))):
        if not lines[last].strip() or (last > number and _begins_attribution(lines[last])):
            return None
        said = " ".join(lines[number : last + 1])
        if _ATTRIBUTION.fullmatch(said) or (_OF_ADDRESS.fullmatch(said) and _DAY_AND_TIME.search(said)):
            return last
    return None


def _begins_attribution(line: str) -> bool:
    return bool(_OPENING.match(line) and _DAY_AND_TIME.search(line))


def _is_quoted_next(lines: list[str], last: int) -> bool:
    return any(_QUOTED.match(line) for line in [line for line in lines[last + 1 : last + 4] if line.strip()][:1])


def _without_quotes(lines: list[str]) -> tuple[list[str], int]:
    """Return the lines without quoted ones and the lines that introduce them, and the number of quoted lines."""
    kept: list[str] = []
    quoted = 0
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            if not quoted or not _QUOTED.match(lines[number - 1]):
                _drop_introduction(kept)
            quoted += 1
        else:
            kept.append(line)
    return kept, quoted


def _drop_introduction(kept: list[str]) -> None:
    """Remove the line "On … wrote:" before a quotation, which may be broken into three, from the end of the lines."""
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    for first in range(max(end - 3, 0), end):
        line = " ".join(kept[first:end])
        if all(map(str.strip, kept[first:end])) and (first == end - 1 or _OPENING.match(line)) and _introduces(line):
            del kept[first:]
            return


def _introduces(line: str) -> bool:
    """Return True if a line before a quotation says who wrote it and when."""
    if not re.search(rf"\d|{_ADDRESS}", line):
        return False
    ends = line.rstrip().endswith((":", "："))
    return _ATTRIBUTION.fullmatch(line) is not None or (ends and re.search(_ADDRESS, line) is not None)


def _without_headers(lines: list[str]) -> Newest | None:
    """Return a forwarded message without its headers, with its sender and day; None if it has no words."""
    lines = _unquoted(lines) if any(map(_QUOTED.match, lines[:3])) else lines
    number = 0
    said = {"by": "", "sent": ""}
    while number < len(lines):
        header = _HEADER.fullmatch(lines[number])
        if header:
            said |= {name: header["value"].strip(" *") for name in said if header[name]}
        elif (last := _attribution_ends(lines, number)) is not None:
            number = last
        elif lines[number].strip() and not (_SEPARATOR.fullmatch(lines[number]) or _goes_on(lines, number)):
            break
        number += 1
    if not _has_words(lines[number:]):
        return None
    rest = newest("\n".join(lines[number:]))
    return rest if rest.by or rest.sent else rest._replace(by=said["by"], sent=said["sent"])


def _goes_on(lines: list[str], number: int) -> bool:
    """Return True if a line goes on with the header in the line before."""
    before, line = lines[number - 1] if number else "", lines[number]
    return bool(before.strip()) and (line[0] in " \t" or (before.rstrip().endswith(",") and "@" in line))


def _unquoted(lines: list[str]) -> list[str]:
    return [re.sub(r"^[^\S\n]?(?:>[^\S\n]?)+", "", line) for line in lines]


def _without_signature(lines: list[str]) -> tuple[list[str], bool]:
    """Return the lines before the signature, and True if there is one.

    It follows a line of two hyphens; or it is what a mailing list or the program of a mobile device adds.
    """
    kept = lines
    for number in range(len(kept) - 1, -1, -1):
        signs = _SIGNATURE.fullmatch(kept[number]) or _LIST_FOOTER.match("\n".join(kept[number : number + 2]))
        if signs and len(kept) - number <= _LONGEST_SIGNATURE and _has_words(kept[:number]):
            kept = kept[:number]
            break
        if signs:
            break
    while kept and (not kept[-1].strip() or _SIGN_OFF.fullmatch(kept[-1])) and _has_words(kept[:-1]):
        kept = kept[:-1]
    return kept, _has_words(lines[len(kept) :])
