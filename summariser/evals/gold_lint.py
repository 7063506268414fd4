"""Gold lint: check that labels fit their article, that splits do not overlap, and that prompts contain no article."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

from summariser.errors import InputError
from summariser.evals.agreement import A_FILE, B_FILE, OPEN, annotated, as_prediction
from summariser.evals.gold import GOLD_FILE, Case, GoldClaim, GoldDeadline, GoldParty, load_gold
from summariser.evals.metric import Alignment, compare_fields, gold_side, item_similarity
from summariser.evals.suite import Suite
from summariser.prompts import Library, library
from summariser.schema import ItemKind, kind_named, kind_names

Problem = tuple[str, str]  # an item's id, or "", and a message

_LICENCES = frozenset({"Apache-2.0", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT"})
_OWN_TERMS = "as given"  # the first words of the licence of a text that the suite cannot license
_TOO_ALIKE = 0.9  # similarity from which the metric could confuse two gold items of one kind
_LEAK = 8  # words in a row that a prompt may not share with an article
_NEAR = 0.3  # share of word sequences from which two articles are near-duplicates
_SHINGLE = 5  # words of such a sequence


@dataclass(frozen=True)
class Complaint:
    """One error in a suite.

    Attributes:
        path: The file.
        item: The id of the item; empty if the error is about no single item.
        message: What is wrong, and the cure.
        line: The line of the file; None if it is unknown.
    """

    path: Path
    item: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else str(self.path)
        return f"{where}{f', item {self.item}' if self.item else ''}: {self.message}."


# ── the labels of one file ───────────────────────────────────────────────────────────────────────


class _Article:
    """The text of a labelled article, folded for comparisons."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._sentences = case.sentences
        self.size = len(self._sentences)

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return _folded(self._case.document.text)

    @cached_property
    def labelled(self) -> str:
        """The text of all labelled sentences."""
        return _folded(" ".join(self._sentences))

    def cited(self, numbers: Sequence[int]) -> str:
        """Return the text of some sentences."""
        return _folded(" ".join(self._sentences[n - 1] for n in numbers if n <= self.size))

    def has_in(self, evidence: Sequence[Sequence[int]], words: str) -> bool:
        """Return True if the words are in one of the alternatives of an item's evidence."""
        return any(_folded(words) in self.cited(numbers) for numbers in evidence)


def _wrong_sentence_numbers(evidence: Sequence[Sequence[int]], article: _Article) -> Iterator[str]:
    for number in sorted({n for numbers in evidence for n in numbers if n > article.size}):
        yield f"it cites sentence {number}, but the article has {article.size}; correct the number"


def _names_not_in_article(party: GoldParty, article: _Article) -> Iterator[str]:
    for name in party.names:
        if _folded(name) not in article.text:
            yield f"the name {name!r} is not in the article; copy it from there, or move it to accept"


def _not_named_in_evidence(party: GoldParty, article: _Article) -> Iterator[str]:
    if not any(article.has_in(party.evidence, name) for name in (*party.names, *party.accept)):
        yield "no cited sentence names it; cite one that does"


def _words_not_in_first_evidence(kind: ItemKind, claim: GoldClaim, article: _Article) -> Iterator[str]:
    if not article.has_in(claim.evidence[:1], claim.words):
        yield f"the words {claim.words!r} are not in its first evidence; copy them from there"


def _numbers_not_in_evidence(kind: ItemKind, claim: GoldClaim, article: _Article) -> Iterator[str]:
    for number in claim.numbers:
        if not article.has_in(claim.evidence, number):
            yield f"the number {number!r} is not in its evidence; copy it from there"


def _quote_not_in_evidence(kind: ItemKind, claim: GoldClaim, article: _Article) -> Iterator[str]:
    quote = getattr(claim, "quote", None)
    if quote and not article.has_in(claim.evidence, quote):
        yield f"the quote {quote!r} is not in its evidence; copy it from there"


def _terms_not_in_article(kind: ItemKind, claim: GoldClaim, article: _Article) -> Iterator[str]:
    for name in kind.terms:
        value = claim.value(name)
        words = value.text if isinstance(value, GoldDeadline) else value
        if words and _folded(words) not in article.labelled:
            yield f"the {name} {words!r} is not in the article; copy it from there"


_PARTY_CHECKS = (_names_not_in_article, _not_named_in_evidence)
_CLAIM_CHECKS = (
    _words_not_in_first_evidence,
    _numbers_not_in_evidence,
    _quote_not_in_evidence,
    _terms_not_in_article,
)


def _label_problems(case: Case) -> Iterator[Problem]:
    """Yield the errors in the labels of one file, item by item."""
    article = _Article(case)
    evidence = [(item.id, item.evidence) for _, item in case.gold.items]
    evidence += [(negative.id, negative.evidence) for negative in case.gold.rejected]
    for id, numbers in evidence:
        yield from ((id, message) for message in _wrong_sentence_numbers(numbers, article))
    for party in case.gold.parties:
        for check_party in _PARTY_CHECKS:
            yield from ((party.id, message) for message in check_party(party, article))
    for kind, claim in case.gold.claims:
        for check_claim in _CLAIM_CHECKS:
            yield from ((claim.id, message) for message in check_claim(kind, claim, article))


# ── one case ─────────────────────────────────────────────────────────────────────────────────────


def _file_complaints(case: Case, file: str = GOLD_FILE) -> Iterator[Complaint]:
    """Yield the errors in one label file of a case."""
    path = case.folder / file
    if case.document.sha256 != case.gold.article.sha256:
        yield Complaint(
            path, "", "its article has another SHA-256 than the labelled one; restore it, or label it again"
        )
        return
    spans = case.gold.article.sentences
    if any(start >= end for start, end in spans) or spans[-1][1] > len(case.document.text):
        yield Complaint(
            path, "", "its sentences do not fit its article; create the file again with 'summariser eval gold new'"
        )
        return
    yield from (_about(path, item, message) for item, message in _label_problems(case))


def _unknown_licence(case: Case) -> Iterator[Complaint]:
    licence = case.gold.licence
    if licence not in _LICENCES and not licence.startswith(_OWN_TERMS):
        known = ", ".join(sorted(_LICENCES))
        yield Complaint(
            case.folder / GOLD_FILE, "", f"the licence {licence!r} is not a known open licence; choose one of {known}"
        )


def _open_decisions(case: Case) -> Iterator[Complaint]:
    path = case.folder / GOLD_FILE
    for decision in case.gold.adjudication:
        if decision.note.startswith(OPEN):
            lines = enumerate(path.read_text("utf-8").splitlines(), 1)
            line = next((number for number, text in lines if decision.note[:40] in text), None)
            message = "this difference is still open; settle it and write the decision in its note"
            yield Complaint(path, decision.about, message, line)


def _annotators_complaints(case: Case) -> Iterator[Complaint]:
    """Yield the errors in the label files of the two annotators."""
    try:
        found = annotated(case)
    except InputError as error:
        yield Complaint(case.folder, "", str(error).removeprefix(f"{case.folder}/").rstrip("."))
        return
    if found is not None:
        for labels, file in ((found.a, A_FILE), (found.b, B_FILE)):
            yield from _file_complaints(Case(case.folder, labels), file)


def _confusable_items(case: Case) -> Iterator[Complaint]:
    """Yield the pairs of gold items of one kind that are so alike that the metric could confuse them."""
    side = gold_side(case)
    predicted = as_prediction(side)
    alignment = Alignment.identity(side)
    for kind in kind_names():
        for one, other in combinations(range(len(side.items[kind])), 2):
            gold, twin = side.items[kind][one], predicted.items[kind][other]
            if item_similarity(gold, twin, alignment) >= _TOO_ALIKE:
                message = f"it is so like {twin.id} that the metric could take one for the other; merge them"
                yield _about(case.folder / GOLD_FILE, gold.id, message)


def _items_that_fail_themselves(case: Case) -> Iterator[Complaint]:
    """Yield the gold items that the metric would not count as right if a system gave them literally."""
    side = gold_side(case)
    predicted = as_prediction(side)
    alignment = Alignment.identity(side)
    for kind in kind_names():
        for gold, same in zip(side.items[kind], predicted.items[kind], strict=True):
            right = compare_fields(gold, same, alignment)
            wrong = [name for name in kind_named(kind).critical if not right[name]]
            if wrong:
                hint = "; put each needed number into the action, its condition or its deadline" * ("numbers" in wrong)
                message = f"given literally it would be wrong in {', '.join(wrong)}{hint}"
                yield _about(case.folder / GOLD_FILE, gold.id, message)


_CASE_CHECKS: tuple[Callable[[Case], Iterator[Complaint]], ...] = (
    _file_complaints,
    _unknown_licence,
    _open_decisions,
    _annotators_complaints,
    _confusable_items,
    _items_that_fail_themselves,
)


# ── the whole suite ──────────────────────────────────────────────────────────────────────────────


def _near_duplicates(cases: Sequence[Case]) -> Iterator[Complaint]:
    """Yield the pairs of near-duplicate articles in different splits, which would leak test data into tuning."""
    shingles = {case.id: _shingles(case.document.text, _SHINGLE) for case in cases}
    for one, other in combinations(cases, 2):
        if one.gold.split == other.gold.split:
            continue
        a, b = shingles[one.id], shingles[other.id]
        shared = len(a & b) / min(len(a), len(b)) if a and b else 0
        if shared >= _NEAR:
            message = f"it shares {shared:.0%} of its wording with {other.id}, which is in the other split; remove one"
            yield Complaint(one.folder / GOLD_FILE, "", message)


def _leaks(cases: Sequence[Case], library: Library) -> Iterator[Complaint]:
    """Yield the prompts that contain wording of an article, or name a party that only a test article has."""
    articles = {case.id: _shingles(case.document.text, _LEAK) for case in cases}
    for name, version in library.ids():
        path = library.path(name, version)
        text = path.read_text("utf-8")
        own, flat = _shingles(text, _LEAK), f" {_words(text)} "
        for case in cases:
            if own & articles[case.id]:
                yield Complaint(path, "", f"it contains wording of the article of {case.id}; write another example")
            elif case.gold.split == "test" and (named := _party_named_in(flat, case)):
                message = f"it names {named}, of the test case {case.id}; write an example without test articles"
                yield Complaint(path, "", message)


def check(suite: Suite, library: Library, cases: Sequence[Case] | None = None) -> list[Complaint]:
    """Return all errors in the gold labels of a suite and in the prompts that could leak them.

    Args:
        suite: The suite.
        library: The prompts to check, in addition to the suite's own.
        cases: The cases whose labels are checked; None for all.
    """
    found: list[Complaint] = []
    for case in suite.cases if cases is None else cases:
        for check_case in _CASE_CHECKS:
            found += check_case(case)
    found += _near_duplicates(suite.cases)
    for prompts in (suite.library, library):
        found += _leaks(suite.cases, prompts)
    return found


def unreadable(suite: Path, names: Sequence[str] = ()) -> list[Complaint]:
    """Return the label files that cannot be read, and the cases that are not yet adjudicated.

    Args:
        suite: The folder of the suite.
        names: The cases to look at; empty for all.
    """
    found: list[Complaint] = []
    for folder in sorted(path for path in (suite / "gold").glob("*") if path.is_dir()):
        if names and folder.name not in names:
            continue
        files = [name for name in (GOLD_FILE, A_FILE, B_FILE) if (folder / name).exists()]
        for path in (folder / name for name in files):
            try:
                load_gold(path)
            except InputError as error:
                found.append(Complaint(path, "", str(error).removeprefix(str(path)).lstrip(":, ").rstrip(".")))
        if A_FILE in files and B_FILE in files and GOLD_FILE not in files:
            message = "it has two annotations and no adjudicated labels; run 'summariser eval gold adjudicate'"
            found.append(Complaint(folder, "", message))
    return found


def require_clean(suite: Suite, cases: Sequence[Case] | None = None) -> None:
    """Raise InputError if the gold labels have an error.

    Args:
        suite: The suite.
        cases: The cases whose labels are checked; None for all.

    Raises:
        InputError: The first error, and the number of further ones.
    """
    found = check(suite, library(), cases)
    if found:
        more = f" There are {len(found) - 1} more; 'summariser eval gold check' lists them." if len(found) > 1 else ""
        raise InputError(f"{found[0]}{more}")


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────


def _about(path: Path, item: str, message: str) -> Complaint:
    """Return a complaint about an item, with the line of its id."""
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)
    pattern = re.compile(rf"\bid: *['\"]?{re.escape(item)}\b")
    return Complaint(path, item, message, next((number for number, line in lines if pattern.search(line)), None))


def _party_named_in(flat: str, case: Case) -> str | None:
    """Return a name of several words that a text contains and that belongs to a party of the case, except states."""
    names = (party.name for party in case.gold.parties if party.kind != "state")
    return next((name for name in names if " " in name and f" {_words(name)} " in flat), None)


def _folded(text: str) -> str:
    """Return the text without differences of case, white space and compatibility forms; quotation marks count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _shingles(text: str, length: int) -> set[str]:
    """Return all sequences of `length` words in a text."""
    words = _words(text).split()
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
