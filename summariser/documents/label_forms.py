"""Forms of the labels of speakers: patterns of what may stand at the beginning of a line."""

import re

from summariser.text import TIME

_TIMED = rf"(?P<time>{TIME}(?:[^\S\n]{{0,3}}(?:-->|[-–—])[^\S\n]{{0,3}}{TIME})?[^\S\n]{{0,3}}(?:[-–—|][^\S\n])?)?"
_LATE = rf"(?P<late>[^\S\n]{{0,3}}(?:[-–—|•·,][^\S\n])?{TIME})?"
_WORD = r"[^\W\d_](?:[\w.'’-]*[\w.'’])?"
_WHO = rf"(?P<open>[\[<])?(?P<who>{_WORD}(?:[^\S\n]{{1,2}}(?:{_WORD}|\d{{1,3}}(?!\w))){{0,12}}?)(?(open)[\]>])"
_OFFICE = r"(?:,|(?<!\.)[^\S\n](?:--?|[–—]))[^\S\n](?:(?!\.[^\S\n]?[-–—]\s)[^,;:()\[\]\n]){2,90}"
_NESTED = r"(?:[(\[][^()\[\]\n]{1,80}[)\]][^()\[\]\n]{0,80})?"
BRACKETS = rf"[^\S\n]{{0,3}}\n?[^\S\n]{{0,3}}[(\[](?!\d{{1,2}}:\d\d)[^()\[\]\n]{{1,120}}{_NESTED}[)\]]"
_MORE = rf"(?P<more>(?:{_OFFICE}|{BRACKETS}){{0,4}})"
_BOLD = r"\*{0,3}"
_BEFORE = rf"(?:(?:>>|#{{1,6}}|[-–—•*](?=[^\S\n])|[-–—](?=[^\W\d_]))[^\S\n]?)?{_BOLD}{_TIMED}{_BOLD}"
_SIGN = (
    rf"(?P<sign>[^\S\n]?(?::{_BOLD}(?=[\s“\"«„—–]|$)|：{_BOLD})(?:[^\S\n]?[-–—](?=\s))?"
    r"|\.[^\S\n]?[-–—](?=\s)|(?:(?<=>)|(?<=\d\]))(?=[^\S\n]))"
)
_WHOLE = rf"{_BEFORE}{_WHO}{_BOLD}{_MORE}{_BOLD}{_LATE}{_BOLD}"
PATTERNS = (
    # Ana Belmar:   **Ana Belmar**:   [00:12] Ana Belmar:   Ana Belmar, minister:   Ana Belmar (Con):   Ana Belmar. –
    # and on a line of its own: Ana Belmar   Ana Belmar (Con)   Ana Belmar 0:12
    re.compile(rf"{_WHOLE}(?:{_SIGN}|[^\S\n]*(?=\n))"),
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
# of an unknown form: [00:12] ana_b:   Le très illustre Belmar (PI):
UNRESOLVED = re.compile(
    rf"{_BEFORE}(?P<open>[\[<])?(?P<who>\w[^\s:()\[\]<>*]*(?:[^\S\n][^\s:()\[\]<>*]+){{0,5}}?)(?(open)[\]>])"
    rf"{_BOLD}{_MORE}{_BOLD}{_LATE}{_BOLD}{_SIGN}"
)
