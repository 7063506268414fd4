"""What a name looks like: cleaned, and told from pronouns and clauses."""

import re
from functools import lru_cache

from summariser.text import lexicon
from summariser.text.tokens import is_content, state_named, tokenize

TITLES = frozenset(
    [
        "president",
        "prime",
        "minister",
        "chancellor",
        "king",
        "queen",
        "prince",
        "princess",
        "senator",
        "representative",
        "secretary",
        "of",
        "state",
        "foreign",
        "defence",
        "defense",
        "finance",
        "trade",
        "minister",
        "general",
        "colonel",
        "admiral",
        "leader",
        "chief",
        "executive",
        "chairman",
        "chairwoman",
        "chair",
        "director",
        "governor",
        "mayor",
        "professor",
        "dr",
        "mr",
        "mrs",
        "ms",
        "sir",
        "lord",
        "lady",
        "pope",
        "ambassador",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "deputy",
        "vice",
        "former",
        "acting",
        "current",
        "the",
        "his",
        "her",
        "their",
        "president's",
        "premier",
        "commissioner",
        "judge",
        "justice",
        "captain",
        "président",
        "présidente",
        "ministre",
        "premier",
        "chancelier",
        "monsieur",
        "madame",
        "m",
        "mme",
        "presidente",
        "ministro",
        "ministra",
        "señor",
        "bundeskanzler",
        "kanzler",
        "präsident",
        "minister",
        "herr",
        "frau",
    ]
)
_PRONOUNS = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "you",
        "who",
        "both",
        "him",
        "her",
        "them",
        "us",
        "this",
        "that",
        "these",
        "those",
        "il",
        "elle",
        "ils",
        "elles",
        "nous",
        "on",
        "lui",
        "él",
        "ella",
        "ellos",
        "ellas",
        "nosotros",
        "er",
        "sie",
        "es",
        "wir",
        "none",
        "null",
        "unknown",
        "n/a",
        "nobody",
        "everyone",
    ]
)
COMMON_ORGANISATIONS = frozenset(
    "ministry department agency council commission committee court bank union party university institute center centre "
    "company corporation group association federation organisation organization parliament senate congress house "
    "government administration police army navy board bureau office authority trust league society chamber club "
    "national federal central public state foreign interior defence defense finance trade health transport energy "
    "security service services international european north south east west new".split()
)
"""Words that many organisations have in their names: none of them names one by itself."""
_TIMES = frozenset(
    "year month week day today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday".split()
)
_LONGEST_NAME = 10
_BACKWARD = re.compile(
    r"(?:the )?(?:two|both|three) (?:leaders|countries|sides|states|nations|parties|men|women|neighbou?rs)"
    r"|(?:the )?(?:report|article|agency|text|author)(?: itself)?|(?:both|two) sides",
    re.I,
)
_CLAUSE = re.compile(
    r",\s.*$|\s\(.*$|\s+(?:(?:previously|earlier|later|also|reportedly)\s+)?"
    r"(?:said|says|told|believes?|announced|reported|warned|argued|has|have|had|is|are|was|were|will|could)\b.*$"
)
_OUTLET = re.compile(
    r"\b(?:news|news agency|newspaper|times|post|herald|tribune|gazette|guardian|telegraph|journal|daily|broadcaster|"
    r"television|tv|radio|reuters|afp|agence france-presse|associated press|ap|bloomberg|bbc|cnn|xinhua|tass|kcna|"
    r"yonhap|media|press agency|press)\b", re.I
)  # fmt: skip
_CHANNEL = re.compile(
    r"(?:\b(?:told|tells|to|by|with|from|according to|quoted by|distributed by|reported by|interview with|"
    r"statement to)\s+(?:the\s+)?$)",
    re.I,
)
_REPORTS = re.compile(
    r"^['’]?s?\s*(?:\S+\s)?(?:reported|reports|said|says|quoted|published|wrote|which reported)\b", re.I
)


def clean(name: str) -> str:
    """A name without quotation marks, a leading article, an apposition or a clause that a model ran on with."""
    name = " ".join(name.split()).strip(" .;:\"'“”«»")
    name = re.sub(r"^(?:the|both the) ", "", name, flags=re.I)
    return _CLAUSE.sub("", name).strip(" ,")


def without_title(name: str) -> str:
    """A person's name without the office before it, where a first name and a surname are left."""
    words = name.split()
    last = max((i for i, word in enumerate(words) if word.casefold().strip(".,") in TITLES), default=-1)
    bare = words[last + 1 :]
    return " ".join(bare) if 2 <= len(bare) <= 4 and all(word[:1].isupper() for word in bare) else name


def name_in_label(label: str) -> str:
    """The name in front of a turn of a transcript, without "MS." and "SECRETARY"; "" where it names nobody."""
    words = [word for word in label.split() if word.casefold().strip(".") not in TITLES]
    named = [word.title() if word.isupper() else word for word in words]
    return " ".join(named) if any(len(word) > 1 for word in named) else ""


@lru_cache(maxsize=4096)
def norms(name: str) -> list[str]:
    """The comparable words of a name, without its articles."""
    return [t.norm for t in tokenize(name) if t.norm != "the"]


def own_voice(name: str) -> bool:
    """Whether this says that the report itself speaks."""
    return (
        re.fullmatch(r"(?:the )?(?:report|article|text|author)(?: itself)?|none|null|n/a", name.strip(), re.I)
        is not None
    )


def can_be_name(name: str, language: str | None) -> bool:
    """Whether this can name somebody: no pronoun, no adverbial, no clause."""
    if state_named(name):
        return True
    tokens = tokenize(name)
    if name.casefold() in _PRONOUNS or _BACKWARD.fullmatch(name) or len(tokens) > _LONGEST_NAME:
        return False
    timely = any(t.norm in _TIMES for t in tokens)
    adverbial = tokens[0].norm in lexicon.prepositions(language) if tokens else True
    return not timely and not adverbial and any(is_content(t, language) for t in tokens)


def is_outlet(name: str) -> bool:
    """Whether the name is one that news outlets have."""
    return _OUTLET.search(name) is not None


def only_carries(name: str, text: str) -> bool:
    """Whether the text, wherever it has the name, has it told something or reporting something."""
    bare = re.escape(name.removeprefix("the ").removeprefix("The "))
    return all(
        _CHANNEL.search(text[: match.start()]) or _REPORTS.match(text[match.end() :].lstrip())
        for match in re.finditer(bare, text)
    )
