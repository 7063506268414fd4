"""Forms of the labels of speakers: patterns of what may stand at the beginning of a line."""

import re

from summariser.text import TIME

_BOLD = r"\*{0,3}"
_RANGE = rf"{TIME}(?:[^\S\n]{{0,3}}(?:-->|[-–—])[^\S\n]{{0,3}}{TIME})?"
_TIMED = rf"(?P<time>{_RANGE}[^\S\n]{{0,3}}(?:[-–—|][^\S\n])?(?:~[^\S\n]?)?)?"
_LATE = rf"(?P<late>[^\S\n]{{0,3}}(?:[-–—|•·,][^\S\n])?{_RANGE})?"
_WORD = r"[^\W\d_](?:[\w.'’-]*[\w.'’])?"
# <Q - Ana Belmar>   A - Ana Belmar   Frage von Ana Belmar   and with a number: Q26 Ana Belmar
_ASKS = (
    r"(?:(?i:question|pregunta|domanda|pergunta|vraag)[^\S\n](?:from|by|de|di|do|da|van)"
    r"|(?i:zusatzfrage|frage)(?:[^\S\n]von|(?=[^\S\n][A-ZÄÖÜ])))"
)
_NUMBERED_QUESTION = r"Q(?:\d{2,4}|[5-9]|[1-4](?=[^\S\n]{1,3}(?:The[^\S\n])?Chair\b))"  # Q1 to Q4 are quarters
_ASKED = (
    rf"(?:(?P<asked>[QA][^\S\n]?[-–—][^\S\n](?={_WORD}[^\S\n]{_WORD})|{_ASKS}[^\S\n])"
    rf"|{_NUMBERED_QUESTION}\.?[^\S\n]{{1,3}}{_BOLD}(?=\w))?"
)
_WHO = (
    rf"(?P<open>[\[<])?{_ASKED}(?P<who>{_WORD}(?:[^\S\n]{{1,2}}(?:{_WORD}|\#?\d{{1,3}}(?!\w))){{0,12}}?)(?(open)[\]>])"
)
_OFFICE = (
    rf"(?:,|(?<!\.)[^\S\n](?:--?|[–—]))[^\S\n](?!{TIME})(?:(?!\.[^\S\n]?[-–—]\s|[^\S\n]{TIME})[^,;:()\[\]\n]){{2,90}}"
)
_NESTED = r"(?:[(\[][^()\[\]\n]{1,80}[)\]][^()\[\]\n]{0,80})?"
BRACKETS = (
    rf"[^\S\n]{{0,3}}(?:\n?[^\S\n]{{0,3}}[(\[](?!{TIME})[^()\[\]\n]{{1,120}}{_NESTED}[)\]]|\{{[^{{}}\n]{{1,60}}\}})"
)
_MORE = rf"(?P<more>(?:{_OFFICE}|{BRACKETS}){{0,4}})"
# BY MR. BELMAR:   CROSS-EXAMINATION BY MR. BELMAR:
_EXAMINED = r"(?:(?:[A-Z]{2,20}(?:-[A-Z]{2,20})?[^\S\n]){0,2}BY[^\S\n](?=[A-Z]{2}))?"
# 1. Ana Belmar (Marlow):   1. Ana Belmar (PI) to the Minister of Ports:
_ASKED_OF = r"(?:(?<=[)\]])[^\S\n]to[^\S\n]the[^\S\n](?=[A-Z])[^:.;?!\n]{3,120}(?=:))?"
_NUMBERED = rf"(?:T?\d{{1,3}}\.[^\S\n]{{1,2}}(?={_WORD}[^\S\n]{_WORD}[^:\n]{{3,90}}\){_ASKED_OF}[^\S\n]?:))?"
_MARK = r"(?:(?:>>|#{1,6}|[-–—•*](?=[^\S\n])|[-–—](?=[^\W\d_]))[^\S\n]?)?"
_BEFORE = rf"{_MARK}{_BOLD}{_TIMED}{_NUMBERED}{_BOLD}{_EXAMINED}"
_SIGN = (
    rf"(?P<sign>[^\S\n]?(?::{_BOLD}(?=[\s“\"«„—–]|$)|：{_BOLD})(?:[^\S\n]?[-–—](?=\s))?"
    r"|\.[^\S\n]?[-–—](?=\s)|(?:(?<=>)|(?<=\d\]))(?=[^\S\n]))"
)
_WHOLE = rf"{_BEFORE}{_WHO}{_BOLD}{_MORE}{_ASKED_OF}{_BOLD}{_LATE}{_BOLD}"
_IDEOGRAPH = r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_EVERYONE = r"(?i:everyone|all(?: panelists)?|hosts and panelists|alle|tout le monde|tous|todos|tutti|iedereen|все)"
PATTERNS = (
    # of a chat: 12:03:15 From Ana Belmar to Everyone:   From Ana Belmar To Everyone 12:03   Ana Belmar to Everyone:
    re.compile(
        rf"{_TIMED}(?P<from>(?:[Ff]rom|FROM|Von|De|Da|Van|От)[^\S\n]{{1,3}})?(?P<open>)"
        rf"(?P<who>{_WORD}(?:[^\S\n]{{1,2}}{_WORD}){{0,6}}?)(?P<more>(?:[^\S\n]?\([^()\n]{{1,40}}\))?)"
        r"(?P<to>[^\S\n]{1,3}(?:[Tt]o|TO|[Aa]n|[AaÀà]|[Pp]ara|[Aa]an)[^\S\n]{1,3}"
        rf"(?:{_EVERYONE}|(?(time)[^:\n]{{1,60}}?|(?!))))?(?(from)|(?(to)|(?!)))(?(time)|(?(to)|(?!)))"
        rf"(?P<sign>[^\S\n]?:(?=\s|$))?{_LATE}(?(sign)|[^\S\n]*(?=\n))"
    ),
    # Ana Belmar:   **Ana Belmar**:   [00:12] Ana Belmar:   Ana Belmar, minister:   Ana Belmar (Con):   Ana Belmar. –
    # and on a line of its own: Ana Belmar   Ana Belmar (Con)   Ana Belmar 0:12
    re.compile(rf"{_WHOLE}(?:{_SIGN}|[^\S\n]*(?=\n))"),
    # in scripts without capitals: 林海（部长）：   【记者】   ○林委員　   ▶기자:   ◇ 김하늘>
    re.compile(
        rf"(?P<mark>[○◯◎●▶▷►◆◇■□△▲][^\S\n]?)?{_BOLD}{_TIMED}(?P<open>)(?P<bracket>[【［])?"
        rf"(?P<who>{_IDEOGRAPH}{{1,16}}(?:[ ・·]{_IDEOGRAPH}{{1,8}}){{0,2}}?(?:[（(][^（）()\n]{{1,16}}[）)])?)"
        r"(?P<more>)(?P<late>)(?P<sign>(?(bracket)[】］]|(?(mark)(?:[^\S\n]?[:：>]|\u3000)|[^\S\n]?(?::(?=\s)|：))))"
    ),
    # Q:   Q1.   Q   A
    re.compile(rf"{_BEFORE}(?P<who>[^\W\d_])(?:\d{{0,3}}(?P<sign>[:.]))?{_BOLD}(?=\s)(?P<more>)(?P<late>)(?P<open>)"),
)
# as in records: M. Belmar.   PRESIDENTE.   ANA BELMAR (PI).   O SR. BELMAR (PI. Pela ordem.) -
OF_RECORD = re.compile(rf"{_WHOLE}(?P<sign>\.|[^\S\n][-–—])")
END_IN_RECORD = re.compile(r"\.(?=[^\S\n]+[“«\"¿¡(\[]?[^\W\d_])|(?<=[)\]A-ZÀ-Þ])[^\S\n][-–—](?=[^\S\n])")
# before a sentence: Ana Belmar —   ANA BELMAR –   Ana Belmar (PI) -   **Ana Belmar** —   Q —
DASHED = re.compile(
    rf"{_BOLD}{_TIMED}{_BOLD}(?P<open>[\[<])?(?P<who>{_WORD}(?:[^\S\n]{_WORD}){{0,6}}?)(?(open)[\]>]){_BOLD}"
    rf"(?P<more>(?:,[^\S\n][^,;:()\[\]\n–—]{{2,60}}?|{BRACKETS}){{0,2}}){_BOLD}(?P<late>)"
    rf"(?P<sign>(?:[^\S\n]{{1,2}}[-–—]|[–—])){_BOLD}(?=[^\S\n]{{1,2}}[“\"«„'‘(¿¡]*([^\W\d_]))"
)
# of an unknown form: [00:12] ana_b:   Le très illustre Belmar (PI):   [00:12] +44 7700 900111:   ana.b 0:12
_TELEPHONE = r"\+\d[\d \u00a0()-]{6,18}\d"
UNRESOLVED = re.compile(
    rf"{_BEFORE}(?P<open>[\[<])?(?P<who>{_TELEPHONE}|\w[^\s:()\[\]<>*]*(?:[^\S\n][^\s:()\[\]<>*]+){{0,5}}?)"
    rf"(?(open)[\]>]){_BOLD}{_MORE}{_BOLD}{_LATE}{_BOLD}(?:{_SIGN}|(?(late)[^\S\n]*(?=\n)|(?!)))"
)
