"""The conditions that a sentence sets."""

import re

from summariser.extraction.rules.syntax import Reading
from summariser.text import lexicon

_CONDITION = re.compile(rf"\b(?:should (?=\w+ \w+)|{lexicon.alternatives('condition_clauses')})\b[^,;.“”]*", re.I)
_IF = {"fr": re.compile(r"\b(?:si|s’il)\b[^,;.]*", re.I), "es": re.compile(r"\bsi\b[^,;.]*", re.I)}


def conditions_of(reading: Reading) -> list[re.Match[str]]:
    """Return where a sentence sets conditions, each of at least three words."""
    more = _IF.get(reading.language or "")
    found = [*_CONDITION.finditer(reading.text), *(more.finditer(reading.text) if more else ())]
    return [match for match in found if len(match.group().split()) >= 3]


def condition_of(reading: Reading) -> str:
    """Return the first condition of a sentence, or ""."""
    found = conditions_of(reading)
    return " ".join(found[0].group().split()).strip(" ,") if found else ""
