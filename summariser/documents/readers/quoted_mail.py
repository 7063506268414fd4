"""The newest message of a mail, apart from what it quotes, forwards and signs."""

import re

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
_HEADER = re.compile(
    r"\s*\*?(?P<name>from|sent|to|cc|date|subject|reply-to|von|gesendet|an|betreff|datum|de|envoyé|date|à|objet|enviado"
    r"(?: el)?|para|asunto|fecha|da|inviato|a|oggetto|data|assunto|enviada(?: em)?|van|verzonden|aan|onderwerp|"
    r"от|отправлено|кому|тема|дата|копия|发件人|发送时间|收件人|主题|日期|差出人|送信日時|宛先|件名)\s?\*?\s?[:：]\*?\s?.*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[-_]{5,}\s*")
_SIGNATURE = re.compile(r"-- ?")
_FEWEST_HEADERS = 3
_LONGEST_SIGNATURE = 12  # lines


def newest(text: str) -> tuple[str, list[str]]:
    """Return the newest message of a mail, and what was left out of it, in words.

    Quoted lines go with the line that introduces them, and everything from the header of an earlier message on. A mail
    that has no words of its own above a forwarded message is that message.

    Args:
        text: The text of the mail.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    own, earlier = _split(lines)
    if not _has_words(own):
        forwarded = _without_headers(earlier)
        return (
            ("\n".join(forwarded[0]), ["the headers of the forwarded message", *forwarded[1]])
            if forwarded
            else ("\n".join(_unquoted(lines)), [])
        )
    left_out = [f"{_lines(len(earlier))} of an earlier message"] if _has_words(earlier) else []
    kept, quoted = _without_quotes(own)
    left_out += [f"{_lines(quoted)} of quotation"] if quoted else []
    if not _has_words(kept):
        kept, left_out = _unquoted(own), left_out[:-1]
    kept, signature = _without_signature(kept)
    left_out += ["the signature"] if signature else []
    return "\n".join(kept).strip("\n"), left_out


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
        if last is not None and "@" in " ".join(lines[number : last + 1]) and not _is_quoted_next(lines, last):
            return lines[:number], lines[number:]
    return lines, []


def _begins_headers(lines: list[str], number: int) -> bool:
    """Return True if the headers of an earlier message begin at a line: three of them, one with an address or a day."""
    found: list[str] = []
    for line in lines[number : number + 8]:
        if not _HEADER.fullmatch(line):
            break
        found.append(line)
    text = " ".join(found)
    return len(found) >= _FEWEST_HEADERS and bool(re.search(rf"{_ADDRESS}|\d{{4}}", text))


def _attribution_ends(lines: list[str], number: int) -> int | None:
    """Return the number of the last line of "On … wrote:", which may be broken into three lines; None if it is none."""
    for last in range(number, min(number + 3, len(lines))):
        if not lines[last].strip():
            return None
        if _ATTRIBUTION.fullmatch(" ".join(lines[number : last + 1])):
            return last
    return None


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


def _without_headers(lines: list[str]) -> tuple[list[str], list[str]] | None:
    """Return a forwarded message without its headers, and what else was left out of it; None if it has no words."""
    number = 0
    while number < len(lines) and (
        not lines[number].strip()
        or _SEPARATOR.fullmatch(lines[number])
        or _HEADER.fullmatch(lines[number])
        or _ATTRIBUTION.fullmatch(lines[number])
    ):
        number += 1
    rest = _unquoted(lines[number:]) if number < len(lines) and _QUOTED.match(lines[number]) else lines[number:]
    if not _has_words(rest):
        return None
    text, left_out = newest("\n".join(rest))
    return text.split("\n"), left_out


def _unquoted(lines: list[str]) -> list[str]:
    return [re.sub(r"^[^\S\n]?(?:>[^\S\n]?)+", "", line) for line in lines]


def _without_signature(lines: list[str]) -> tuple[list[str], bool]:
    """Return the lines before the signature, which follows a line of two hyphens; and True if there is one."""
    for number in range(len(lines) - 1, -1, -1):
        if _SIGNATURE.fullmatch(lines[number]):
            short = len(lines) - number <= _LONGEST_SIGNATURE
            return (lines[:number], True) if short and _has_words(lines[:number]) else (lines, False)
    return lines, False
