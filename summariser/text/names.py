"""Names: removal of titles and other additions, and distinction from pronouns, clauses and news outlets."""

import re
from collections.abc import Sequence
from functools import lru_cache

from summariser.text import lexicon
from summariser.text.states import state_named
from summariser.text.tokens import is_content, tokenize

TITLES = lexicon.words("offices") | lexicon.words("honorifics") | lexicon.words("title_modifiers")
"""Words of titles before a person's name."""
COMMON_ORGANISATIONS = lexicon.words("organisation_nouns", "en") | lexicon.words("organisation_modifiers", "en")
"""Words that many organisations have in their names; one of these words alone is not a name."""
_NO_NAMES = frozenset(p.word for p in lexicon.pronouns() if p.form != "possessive") | {"null", "unknown", "n/a"}
_TIMES = lexicon.words("weekdays", "en") | frozenset("year month week day today yesterday tomorrow".split())
_LONGEST_NAME = 10
_BACKWARD = re.compile(
    r"(?:the )?(?:two|both|three) (?:leaders|countries|sides|states|nations|parties|men|women|neighbou?rs)"
    r"|(?:the )?(?:report|article|agency|text|author)(?: itself)?|(?:both|two) sides",
    re.I,
)
_CLAUSE = re.compile(
    r",\s.*$|\s\(.*$|\s+(?:(?:previously|earlier|later|also|reportedly)\s+)?"
    rf"(?:{lexicon.alternatives('clause_verbs', 'en')})\b.*$"
)
_ABBREVIATED = re.compile(r"(?:^|\s)(?:\w\.){2,}$|\b(?:Jr|Sr|Inc|Ltd|Co|Corp)\.$")
_OUTLET = re.compile(
    rf"\b(?:{lexicon.alternatives('outlet_words', 'en')}|{lexicon.alternatives('news_agencies')})\b", re.I
)
_CHANNEL = re.compile(
    r"(?:\b(?:told|tells|to|by|with|from|according to|quoted by|distributed by|reported by|interview with|"
    r"statement to)\s+(?:the\s+)?$)",
    re.I,
)
_REPORTS = re.compile(
    r"^['’]?s?\s*(?:\S+\s)?(?:reported|reports|said|says|quoted|published|wrote|which reported)\b", re.I
)


def clean(name: str) -> str:
    """Return a name without quotation marks, a leading article, and an apposition or a clause at its end."""
    name = " ".join(name.split()).strip(" ;:\"'“”«»").lstrip(".")
    name = name if _ABBREVIATED.search(name) else name.rstrip(" .")
    name = re.sub(r"^(?:the|both the) ", "", name, flags=re.I)
    return _CLAUSE.sub("", name).strip(" ,")


def without_title(name: str) -> str:
    """Return a person's name without the office before it, if a first name and a surname remain."""
    words = name.split()
    last = max((i for i, word in enumerate(words) if word.casefold().strip(".,") in TITLES), default=-1)
    bare = words[last + 1 :]
    return " ".join(bare) if 2 <= len(bare) <= 4 and all(word[:1].isupper() for word in bare) else name


@lru_cache(maxsize=4096)
@lru_cache(maxsize=16384)  # the same names are compared again and again
def norms(name: str) -> tuple[str, ...]:
    """Return the normalised words of a name without "the"."""
    return tuple(t.norm for t in tokenize(name) if t.norm != "the")


def is_short_form(words: Sequence[str], name: Sequence[str]) -> bool:
    """Return True if a name contains the words in a row, and other words too."""
    size = len(words)
    return size < len(name) and any(tuple(name[i : i + size]) == tuple(words) for i in range(len(name) - size + 1))


def is_part_of_person(words: Sequence[str], name: Sequence[str]) -> bool:
    """Return True if the words are part of a person's name, or the name with titles around it."""
    bare = [word for word in words if word not in TITLES]
    with_more = len(name) > 1 and set(name) <= set(bare) and len(bare) <= len(name) + 1
    return bool(bare) and (set(bare) <= set(name) or with_more)


def own_voice(name: str) -> bool:
    """Return True if the name stands for the report itself, or for nobody."""
    return (
        re.fullmatch(r"(?:the )?(?:report|article|text|author)(?: itself)?|none|null|n/a", name.strip(), re.I)
        is not None
    )


def can_be_name(name: str, language: str | None) -> bool:
    """Return True if the words can be the name of an actor: not a pronoun, an adverbial or a clause."""
    if state_named(name):
        return True
    tokens = tokenize(name)
    if name.casefold() in _NO_NAMES or _BACKWARD.fullmatch(name) or len(tokens) > _LONGEST_NAME:
        return False
    timely = any(t.norm in _TIMES for t in tokens)
    adverbial = tokens[0].norm in lexicon.prepositions(language) if tokens else True
    return not timely and not adverbial and any(is_content(t, language) for t in tokens)


def is_outlet(name: str) -> bool:
    """Return True if the name contains a word that is typical of news outlets, or the name of a news agency."""
    return _OUTLET.search(name) is not None


def only_carries(name: str, text: str) -> bool:
    """Return True if every mention of the name in the text is a recipient or a source of reporting."""
    bare = re.escape(name.removeprefix("the ").removeprefix("The "))
    return all(
        _CHANNEL.search(text[: match.start()]) or _REPORTS.match(text[match.end() :].lstrip())
        for match in re.finditer(bare, text)
    )
