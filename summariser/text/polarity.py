"""Polarity: the negated words of a sentence."""

from collections.abc import Sequence

from summariser.text import lexicon
from summariser.text.tokens import Token, is_content, stem

Polarity = dict[str, set[int]]
"""By stem, the number of negations at each of its occurrences."""

_WITH_NEXT = {
    "rule": "out", "ruled": "out", "rules": "out", "ruling": "out", "far": "from", "yet": "to", "short": "of",
}  # fmt: skip


def polarity_of(tokens: Sequence[Token], language: str | None) -> tuple[Polarity, list[list[str]]]:
    """Return the number of negations of each content stem, and the stems in the scope of each negation.

    The scope of a negation is the next two content words of its clause that are not names. Negations that follow each
    other closely ("did not rule out") have the same scope, and their number is added.
    """
    counts: Polarity = {}
    groups: list[list[str]] = []
    governing, left = 0, 0
    since = 99
    for place, token in enumerate(tokens):
        if place and token.after_break:
            governing = left = 0
        since += 1
        if weight := negation(tokens, place, language):
            if since > 3:
                governing = 0
                groups.append([])
            governing, left, since = governing + weight, 2, 0
            continue
        if not is_content(token, language):
            continue
        word = stem(token.norm, language)
        if left and not (token.capital and place):
            counts.setdefault(word, set()).add(governing)
            groups[-1].append(word)
            left -= 1
        else:
            counts.setdefault(word, set()).add(0)
    return counts, [group for group in groups if group]


def negation(tokens: Sequence[Token], place: int, language: str | None) -> int:
    """Return 1 if the token at `place` is a negation or a word that denies, refuses or excludes, else 0."""
    norm = tokens[place].norm
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    if norm in ("not", "nicht") and following in ("only", "just", "nur"):
        return 0
    if norm in _WITH_NEXT:
        return int(following == _WITH_NEXT[norm])
    return int(norm in lexicon.negations(language) or norm.endswith("n't"))
