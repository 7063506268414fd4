"""The similarity of two texts: common content words, numbers and negations."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from summariser.text import numbers as text_numbers
from summariser.text import polarity, tokens

Number = tuple[float, str]
_ARTICLES = frozenset({"the", "la", "le", "les", "el", "los", "las"})


@lru_cache(maxsize=8192)
def content(text: str, language: str | None) -> Counter[str]:
    """Return the number of occurrences of each content word (as its stem) and each number of a text."""
    found = tokens.tokenize(text_numbers.with_digits(text, language))
    return Counter(
        token.norm if token.is_number else tokens.stem(token.norm, language)
        for token in found
        if token.is_number or tokens.is_content(token, language)
    )


@lru_cache(maxsize=1 << 17)
def f1(one: str, other: str, language: str | None) -> float:
    """Return the content-word F1 of two texts; 0 if one of them has no content words.

    F1 = 2·|A ∩ B| / (|A| + |B|) over multisets, which is the Dice coefficient.
    """
    a, b = content(one, language), content(other, language)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if a and b else 0.0


def recall(given: str, wanted: str, language: str | None) -> float:
    """Return the share of the content words of `wanted` that `given` has."""
    a, b = content(given, language), content(wanted, language)
    return (a & b).total() / b.total() if b else 0.0


def best_f1(text: str, others: Iterable[str], language: str | None) -> float:
    """Return the content-word F1 of a text and the closest of the others; 0 without others."""
    return max((f1(text, other, language) for other in others), default=0.0)


@lru_cache(maxsize=8192)
def numbers(text: str, language: str | None) -> frozenset[Number]:
    """Return the numbers of a text as (value, unit)."""
    return text_numbers.numbers_in(text, language)


def has_number(wanted: Number, among: Iterable[Number]) -> bool:
    """Return True if a number is among others; a missing unit equals any unit."""
    value, unit = wanted
    return any(value == v and (unit == u or not unit or not u) for v, u in among)


@lru_cache(maxsize=8192)
def negations(text: str, language: str | None) -> int:
    """Return the number of negations, denials and refusals in a text; "unless" is one."""
    found = tokens.tokenize(text)
    return sum(polarity.negation(found, place, language) or token.norm == "unless" for place, token in enumerate(found))


@lru_cache(maxsize=8192)
def _polarity(text: str, language: str | None) -> polarity.Polarity:
    return polarity.polarity_of(tokens.tokenize(text), language)[0]


def same_polarity(one: str, other: str, language: str | None) -> bool:
    """Return True if no common content word of two texts is negated in only one of them."""
    a, b = _polarity(one, language), _polarity(other, language)
    return all(a[word] & b[word] for word in a.keys() & b.keys())


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """Return a name without differences of case, punctuation and typography, and without an article."""
    words = [token.norm for token in tokens.tokenize(name)]
    return " ".join([word for word in words if word not in _ARTICLES] or words)
