"""Gold lint: whether labels fit their article, so that nobody scores against a typo."""

import unicodedata
from collections.abc import Iterator

from summariser.evals.gold import Case, GoldClaim, GoldCommitment, GoldParty, GoldReaction

Problem = tuple[str, str]  # the id it is about, or "", and a sentence


def check_labels(case: Case) -> Iterator[Problem]:
    """What is wrong with the labels of one file as against its article, item by item."""
    gold, sentences = case.gold, case.sentences
    for _, item in gold.items:
        yield from ((item.id, text) for text in _bad_numbers(item.evidence, len(sentences)))
    for trap in gold.rejected:
        yield from ((trap.id, text) for text in _bad_numbers(trap.evidence, len(sentences)))
    whole = _folded(case.document.text)
    for party in gold.parties:
        yield from ((party.id, text) for text in _check_party(party, whole, sentences))
    claims: list[GoldClaim] = [*gold.commitments, *gold.reactions, *gold.risks]
    for claim in claims:
        yield from ((claim.id, text) for text in _check_claim(claim, sentences))


def _bad_numbers(evidence: list[list[int]], most: int) -> Iterator[str]:
    for number in sorted({n for numbers in evidence for n in numbers if n > most}):
        yield f"cites sentence {number}, but the article has {most}; correct the number"


def _check_party(party: GoldParty, whole: str, sentences: list[str]) -> Iterator[str]:
    for name in party.names:
        if _folded(name) not in whole:
            yield f"the name {name!r} is not in the article; copy it from there, or move it to accept"
    cited = [_cited(numbers, sentences) for numbers in party.evidence]
    names = [_folded(name) for name in (*party.names, *party.accept)]
    if not any(name in text for text in cited for name in names):
        yield "no cited sentence names it; cite one that does"


def _check_claim(claim: GoldClaim, sentences: list[str]) -> Iterator[str]:
    first = _cited(claim.evidence[0], sentences)
    if _folded(claim.words) not in first:
        yield f"the words {claim.words!r} are not in its first evidence; copy them from there"
    for number in claim.numbers:
        if not any(_folded(number) in _cited(numbers, sentences) for numbers in claim.evidence):
            yield f"the number {number!r} is not in its evidence; copy it from there"
    if isinstance(claim, GoldReaction) and claim.quote and not _stands(claim.quote, claim, sentences):
        yield f"the quote {claim.quote!r} is not in its evidence; copy it from there"
    if isinstance(claim, GoldCommitment):
        terms = (("condition", claim.condition), ("deadline", claim.deadline.text if claim.deadline else None))
        for name, said in terms:
            if said and _folded(said) not in _folded(" ".join(sentences)):
                yield f"the {name} {said!r} is not in the article; copy it from there"


def _stands(words: str, claim: GoldClaim, sentences: list[str]) -> bool:
    return any(_folded(words) in _cited(numbers, sentences) for numbers in claim.evidence)


def _cited(numbers: list[int], sentences: list[str]) -> str:
    return _folded(" ".join(sentences[n - 1] for n in numbers if n <= len(sentences)))


def _folded(text: str) -> str:
    """The text without differences of case, white space and compatibility forms; quote marks count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
