"""How far two wordings say the same: content words in common, numbers, negations."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from summariser.text import numbers as text_numbers
from summariser.text import polarity, tokens

Number = tuple[float, str]
_ARTICLES = frozenset({"the", "la", "le", "les", "el", "los", "las"})


@lru_cache(maxsize=8192)
def content(text: str, language: str | None) -> Counter[str]:
    """The stems of the content words and numbers of a text, each with how often it stands there."""
    found = tokens.tokenize(text_numbers.with_digits(text, language))
    return Counter(
        token.norm if token.is_number else tokens.stem(token.norm, language)
        for token in found
        if token.is_number or tokens.is_content(token, language)
    )


@lru_cache(maxsize=1 << 17)
def f1(one: str, other: str, language: str | None) -> float:
    """The F1 of the content words that two texts share; 0 where either has none.

    F1 = 2·|A ∩ B| / (|A| + |B|) over multisets, which is Dice's coefficient.
    """
    a, b = content(one, language), content(other, language)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if a and b else 0.0


def recall(said: str, wanted: str, language: str | None) -> float:
    """The share of the wanted text's content words that is said."""
    a, b = content(said, language), content(wanted, language)
    return (a & b).total() / b.total() if b else 0.0


def best_f1(text: str, others: Iterable[str], language: str | None) -> float:
    """The F1 with the closest of several wordings."""
    return max((f1(text, other, language) for other in others), default=0.0)


@lru_cache(maxsize=8192)
def numbers(text: str, language: str | None) -> frozenset[Number]:
    """The numbers of a text as (value, unit)."""
    return text_numbers.numbers(text, language)


def has_number(wanted: Number, among: Iterable[Number]) -> bool:
    """Whether a number is among others; a missing unit fits any."""
    value, unit = wanted
    return any(value == v and (unit == u or not unit or not u) for v, u in among)


@lru_cache(maxsize=8192)
def negations(text: str, language: str | None) -> int:
    """How many negations, denials and refusals a text has; an "unless" is one."""
    found = tokens.tokenize(text)
    return sum(polarity.negation(found, place, language) or token.norm == "unless" for place, token in enumerate(found))


@lru_cache(maxsize=8192)
def _polarity(text: str, language: str | None) -> polarity.Polarity:
    return polarity.polarity(tokens.tokenize(text), language)[0]


def same_polarity(one: str, other: str, language: str | None) -> bool:
    """Whether no content word that two texts share is negated in one and not in the other."""
    a, b = _polarity(one, language), _polarity(other, language)
    return all(a[word] & b[word] for word in a.keys() & b.keys())


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """A name as it is compared: without case, punctuation, typography and article."""
    words = [token.norm for token in tokens.tokenize(name)]
    return " ".join([word for word in words if word not in _ARTICLES] or words)
