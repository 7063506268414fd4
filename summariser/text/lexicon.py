"""Word lists, read from `lexicons/<language>/<list>.txt`; the folder `any` has the lists that fit every language.

A file has one entry per line, sorted. Lines that begin with # are comments; the first one describes the list. A tab
separates an entry from its value, if it has one. In an entry, a word that ends in /v is an English verb and stands for
all its forms; a word that ends in /n is an English noun and stands for its singular and plural. A * at the end of a
word stands for any ending; only patterns support it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from summariser.text.inflection import noun_forms, verb_forms

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

RULE_LANGUAGES = frozenset({"en", "fr", "es", "de"})
"""The languages with lists for every rule; in other languages most rules have no opinion but on exact words."""
OTHER_LANGUAGES = frozenset("ar hi it ja ko nl pl pt ru th tr uk zh".split())
"""Other languages with some lists: negations, conditions, the words in labels of speakers and in date lines."""
WITHOUT_SPACES = frozenset({"ja", "ko", "th", "zh"})
"""Languages whose words are not set apart by spaces, or have their negation as a part."""
_IN_WORD = r"[\w\u0900-\u0d7f]"  # vowel signs of the scripts of India are no word characters to the module re
_ALL = ("any", *sorted(RULE_LANGUAGES | OTHER_LANGUAGES))

Phrase = tuple[str, ...]
"""A sequence of words."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@cache
def rows(name: str, language: str | None) -> tuple[tuple[str, ...], ...]:
    """Return the lines of one file as tuples of columns; no lines if the language is unknown or has no such list."""
    file = _folder().joinpath(language or "", f"{name}.txt")
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return tuple(tuple(line.split("\t")) for line in lines if line and not line.startswith("#"))


@cache
def _folder() -> "Traversable":
    from importlib.resources import files

    return files("summariser.text") / "lexicons"


@cache
def words(name: str, *languages: str | None) -> frozenset[str]:
    """Return the entries of a list in lower case, in all their forms; without a language, those of all languages."""
    return frozenset(entry for entry, _ in _entries(name, *languages))


@cache
def phrases(name: str, *languages: str | None) -> frozenset[Phrase]:
    """Return the entries of a list as sequences of words."""
    return frozenset(tuple(entry.split()) for entry in words(name, *languages))


@cache
def values(name: str, *languages: str | None) -> dict[str, str]:
    """Return the values of a list by entry."""
    return dict(_entries(name, *languages))


@cache
def by_value(name: str, *languages: str | None) -> dict[str, frozenset[str]]:
    """Return the entries of a list by value."""
    found: dict[str, set[str]] = {}
    for entry, value in _entries(name, *languages):
        found.setdefault(value, set()).add(entry)
    return {value: frozenset(entries) for value, entries in found.items()}


def alternatives(name: str, *languages: str, value: str = "") -> str:
    """Return the entries of a list as alternatives of a regular expression, the longest first.

    The entries are grouped by first letter, so that the expression rejects most of them at once.

    Args:
        name: The name of the list.
        languages: The languages of the list; none means all languages.
        value: Only entries with this value; "" means all entries.
    """
    found = {row[0] for language in languages or _ALL for row in rows(name, language) if value in ("", *row[1:])}
    groups: dict[str, list[str]] = {}
    for entry in sorted(found, key=lambda e: (-len(e), e)):
        groups.setdefault(entry[0], []).append(re.escape(entry[1:]).replace(r"\*", r"\w*"))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())


def pattern(name: str, *languages: str, value: str = "", flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Return a pattern that matches the entries of a list, or those with one value, as whole words."""
    return re.compile(rf"\b(?:{alternatives(name, *languages, value=value)})\b", flags)


def _entries(name: str, *languages: str | None) -> Iterator[tuple[str, str]]:
    """Yield each form of each entry with the value of the entry, or ""."""
    for language in languages or _ALL:
        for entry, *value in rows(name, language):
            for form in _forms(entry.casefold()):
                yield form, "".join(value)


def _forms(entry: str) -> Iterator[str]:
    """Yield all forms of an entry: each word with /v or /n in each of its forms."""
    if "/" not in entry:
        return iter((entry,))
    return map(" ".join, product(*map(_forms_of_word, entry.split())))


def _forms_of_word(word: str) -> frozenset[str]:
    if word.endswith("/v"):
        return verb_forms(word[:-2], values("irregular_verbs", "en"))
    return noun_forms(word[:-2]) if word.endswith("/n") else frozenset({word})


# ── lists that depend on the language of a text ──────────────────────────────────────────────────


def _known(language: str | None) -> tuple[str, ...]:
    """Return the language, or all languages that rules read if it is none of them."""
    return (language,) if language in RULE_LANGUAGES else ("any", *sorted(RULE_LANGUAGES))


@cache
def negations(language: str | None) -> frozenset[str]:
    """Return words that negate, deny, refuse or exclude; those of several languages if there is no list."""
    return words("negations", language) if reads_negations(language) else words("negations", *_known(language))


@cache
def reads_negations(language: str | None) -> bool:
    """Return True if there is a list of negations for a language."""
    return bool(rows("negations", language))


@cache
def in_running_text(name: str, language: str) -> re.Pattern[str]:
    """Return a pattern of a list's entries in a text: whole words, or any place where words are not set apart."""
    entries = alternatives(name, language)
    if not entries:
        return re.compile(r"(?!)")
    if language in WITHOUT_SPACES:
        return re.compile(entries)
    return re.compile(rf"(?<!{_IN_WORD})(?:{entries})(?!{_IN_WORD})", re.IGNORECASE)


@cache
def hedges(language: str | None) -> frozenset[str]:
    """Return words that make a claim less certain."""
    return words("hedges", *_known(language))


@cache
def speech(language: str | None) -> frozenset[str]:
    """Return words of attribution, which occur next to the name of a speaker."""
    return words("attributions", *_known(language))


@cache
def conjunctions(language: str | None) -> frozenset[str]:
    """Return words that begin a clause that is outside the scope of the words before it."""
    return words("conjunctions", *_known(language))


@cache
def prepositions(language: str | None) -> frozenset[str]:
    """Return words that begin an adverbial."""
    return words("prepositions", *_known(language))


@cache
def function_words(language: str | None) -> frozenset[str]:
    """Return words without lexical meaning, negations included."""
    return words("function_words", *_known(language)) | negations(language)


def opens_condition(norms: Sequence[str], language: str | None) -> bool:
    """Return True if words begin with a phrase that begins a condition."""
    phrases = _conditions_by_first_word(language).get(norms[0], ()) if norms else ()
    return any(tuple(norms[: len(phrase)]) == phrase for phrase in phrases)


@cache
def _conditions_by_first_word(language: str | None) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, tuple[Phrase, ...]] = {}
    for phrase in sorted(conditions(language)):
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


@cache
def conditions(language: str | None) -> frozenset[Phrase]:
    """Return phrases that begin a condition; those of all languages that rules read if it is none of them."""
    return phrases("conditions", *_known(language))


@cache
def quantifiers(language: str | None) -> frozenset[Phrase]:
    """Return phrases that limit a number or an amount."""
    return phrases("quantifiers", *_known(language))


def harmless(language: str | None) -> frozenset[str]:
    """Return words that can be left out without a change of meaning; no words if the language is unknown."""
    return words("harmless", language)


class Pronoun(NamedTuple):
    """A pronoun, its referent and its form."""

    word: str
    referent: str  # person, thing, plural, own, addressee, relative, demonstrative or indefinite
    form: str  # subject, object, possessive, quantifier, or any for a form with several functions


@cache
def pronouns(*languages: str | None) -> tuple[Pronoun, ...]:
    """Return the pronouns of the given languages; without a language, those of all languages."""
    return tuple(Pronoun(*row) for language in languages or _ALL for row in rows("pronouns", language))


def weekday_numbers(language: str | None) -> dict[str, int]:
    """Return the days of the week with their numbers from Monday = 1; no days if the language is unknown."""
    return {day: int(number) for day, number in values("weekdays", language).items()}


# ── lists for texts in any language ─────────────────────────────────────────────────────────────

WEEKDAYS: frozenset[str]
MONTHS: frozenset[str]
"""Names of months without "may" and "mai", which have other meanings as well."""
RELATIVE_DAYS: frozenset[str]
SCALES: dict[str, float]
CURRENCIES: dict[str, str]
UNITS: dict[str, str]
FALSITY: frozenset[str]
"""Words at the end of a sentence that say that it is false."""
REVERSALS: frozenset[str]
"""English words for the withdrawal of a commitment that was agreed, pledged or decided."""
PARTS: frozenset[str]
"""English words that mean a part of the whole when "of" follows."""
OPPOSITES: dict[str, frozenset[str]]
"""The words of opposite meaning, by English word."""
AMERICAN: dict[str, str]
"""American spellings by British spelling."""


def _opposites() -> dict[str, frozenset[str]]:
    """Return the words of one column by each word of the other column, in both directions."""
    found: dict[str, frozenset[str]] = {}
    for row in rows("opposites", "en"):
        sides = [frozenset[str]().union(*map(_forms_of_word, side.split())) for side in row]
        for side, other in (sides, sides[::-1]):
            found |= {word: found.get(word, frozenset()) | other for word in side}
    return found


_READ: dict[str, Callable[[], object]] = {
    "WEEKDAYS": lambda: words("weekdays"),
    "MONTHS": lambda: words("months") - {"may", "mai"},
    "RELATIVE_DAYS": lambda: words("relative_days"),
    "SCALES": lambda: {word: float(factor) for word, factor in values("scales").items()},
    "CURRENCIES": lambda: values("currency_signs"),
    "UNITS": lambda: values("units"),
    "FALSITY": lambda: words("falsity_words"),
    "REVERSALS": lambda: words("reversals", "en"),
    "PARTS": lambda: words("partitives", "en"),
    "OPPOSITES": _opposites,
    "AMERICAN": lambda: values("american_spellings", "en"),
}


def __getattr__(name: str) -> object:
    """Return one of the lists above; read its file when it is used for the first time."""
    if name not in _READ:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = _READ[name]()
    return globals()[name]
