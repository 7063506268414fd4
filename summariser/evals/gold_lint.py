"""Gold lint: whether labels fit their article, so that nobody scores against a typo."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from summariser.errors import InputError
from summariser.evals.agreement import A_FILE, B_FILE, OPEN, annotated, as_prediction
from summariser.evals.gold.models import (
    GOLD_FILE,
    Case,
    Decision,
    GoldClaim,
    GoldDeadline,
    GoldParty,
    load_gold,
)
from summariser.evals.metric.items import gold_side
from summariser.evals.metric.matching import Matcher
from summariser.evals.suite import Suite
from summariser.prompts import Library, library
from summariser.schema import ItemKind, kind_named, kind_names

Problem = tuple[str, str]  # the id it is about, or "", and a sentence


def check_labels(case: Case) -> Iterator[Problem]:
    """What is wrong with the labels of one file as against its article, item by item."""
    gold, sentences = case.gold, case.sentences
    for _, item in gold.items:
        yield from ((item.id, text) for text in _bad_numbers(item.evidence, len(sentences)))
    for negative in gold.rejected:
        yield from ((negative.id, text) for text in _bad_numbers(negative.evidence, len(sentences)))
    whole = _folded(case.document.text)
    for party in gold.parties:
        yield from ((party.id, text) for text in _check_party(party, whole, sentences))
    for kind, claim in gold.claims:
        yield from ((claim.id, text) for text in _check_claim(kind, claim, sentences))


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


def _check_claim(kind: ItemKind, claim: GoldClaim, sentences: list[str]) -> Iterator[str]:
    first = _cited(claim.evidence[0], sentences)
    if _folded(claim.words) not in first:
        yield f"the words {claim.words!r} are not in its first evidence; copy them from there"
    for number in claim.numbers:
        if not any(_folded(number) in _cited(numbers, sentences) for numbers in claim.evidence):
            yield f"the number {number!r} is not in its evidence; copy it from there"
    quote = getattr(claim, "quote", None)
    if quote and not _stands(quote, claim, sentences):
        yield f"the quote {quote!r} is not in its evidence; copy it from there"
    for name in kind.terms:
        value = claim.value(name)
        said = value.text if isinstance(value, GoldDeadline) else value
        if said and _folded(said) not in _folded(" ".join(sentences)):
            yield f"the {name} {said!r} is not in the article; copy it from there"


def _stands(words: str, claim: GoldClaim, sentences: list[str]) -> bool:
    return any(_folded(words) in _cited(numbers, sentences) for numbers in claim.evidence)


def _cited(numbers: list[int], sentences: list[str]) -> str:
    return _folded(" ".join(sentences[n - 1] for n in numbers if n <= len(sentences)))


def _folded(text: str) -> str:
    """The text without differences of case, white space and compatibility forms; quote marks count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# ── the whole suite ──────────────────────────────────────────────────────────────────────────────

_LEAK = 8  # words in a row that a prompt may not share with an article
_NEAR = 0.3  # share of five-word sequences from which on two articles are near-duplicates
_SHINGLE = 5
_LICENCES = frozenset({"Apache-2.0", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT"})
_TOO_ALIKE = 0.9  # similarity of two gold items of one kind
_OWN_TERMS = "as given"  # how the licence of a text begins that is not the suite's to give


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with a suite: the file, its line where it has one, the item, and a sentence with the cure."""

    path: Path
    item: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else str(self.path)
        return f"{where}{f', item {self.item}' if self.item else ''}: {self.message}."


def check(suite: Suite, library: Library, cases: Sequence[Case] | None = None) -> list[Complaint]:
    """Everything wrong with the gold of a suite, or of some of its cases, and with prompts as against it."""
    found: list[Complaint] = []
    for case in suite.cases if cases is None else cases:
        found += _check_file(case, case.folder / GOLD_FILE)
        found += _check_header(case)
        found += _check_annotators(case)
        found += [_complaint(case, item, message) for item, message in (*confusable(case), *_not_itself(case))]
    found += _near_duplicates(suite.cases)
    for prompts in (suite.library, library):
        found += _leaks(suite.cases, prompts)
    return found


def unreadable(suite: Path, names: Sequence[str] = ()) -> list[Complaint]:
    """The label files of a suite's folder that cannot even be read, and cases whose gold is not made yet."""
    found: list[Complaint] = []
    for folder in sorted(path for path in (suite / "gold").glob("*") if path.is_dir()):
        if names and folder.name not in names:
            continue
        files = [name for name in (GOLD_FILE, A_FILE, B_FILE) if (folder / name).exists()]
        for name in files:
            try:
                load_gold(folder / name)
            except InputError as error:
                found.append(
                    Complaint(folder / name, "", str(error).removeprefix(f"{folder / name}").lstrip(":, ").rstrip("."))
                )
        if A_FILE in files and B_FILE in files and GOLD_FILE not in files:
            cure = "labelled twice and not adjudicated; run 'summariser eval gold adjudicate'"
            found.append(Complaint(folder, "", cure))
    return found


def require_clean(suite: Suite, cases: Sequence[Case] | None = None) -> None:
    """Raises InputError naming the first thing that is wrong with the gold, and how many more there are."""
    found = check(suite, library(), cases)
    if found:
        more = f" There are {len(found) - 1} more; 'summariser eval gold check' lists them." if len(found) > 1 else ""
        raise InputError(f"{found[0]}{more}")


def _check_file(case: Case, path: Path) -> Iterator[Complaint]:
    if case.document.sha256 != case.gold.article.sha256:
        yield Complaint(path, "", "its article has another SHA-256 than was labelled; restore it, or label it anew")
        return
    ends = [end for _, end in case.gold.article.sentences]
    if any(start >= end for start, end in case.gold.article.sentences) or ends[-1] > len(case.document.text):
        yield Complaint(path, "", "its sentences do not fit its article; make the frame anew with 'gold new'")
        return
    text = path.read_text("utf-8")
    for item, message in check_labels(case):
        yield Complaint(path, item, message, _line_of_id(text, item))


def _complaint(case: Case, item: str, message: str) -> Complaint:
    path = case.folder / GOLD_FILE
    return Complaint(path, item, message, _line_of_id(path.read_text("utf-8"), item))


def _line_of_id(text: str, item: str) -> int | None:
    found = (n for n, line in enumerate(text.splitlines(), 1) if re.search(rf"\bid: *['\"]?{re.escape(item)}\b", line))
    return next(found, None) if item else None


def _check_header(case: Case) -> Iterator[Complaint]:
    gold, path = case.gold, case.folder / GOLD_FILE
    if gold.licence not in _LICENCES and not gold.licence.startswith(_OWN_TERMS):
        known = ", ".join(sorted(_LICENCES))
        yield Complaint(path, "", f"the licence {gold.licence!r} is none of {known}; name one that lets others use it")
    for decision in gold.adjudication:
        if decision.note.startswith(OPEN):
            yield _complaint_about(case, decision)


def _complaint_about(case: Case, decision: Decision) -> Complaint:
    path = case.folder / GOLD_FILE
    lines = path.read_text("utf-8").splitlines()
    line = next((n for n, text in enumerate(lines, 1) if decision.note[:40] in text), None)
    return Complaint(path, decision.about, "this difference is still open; settle it and say how in its note", line)


def _check_annotators(case: Case) -> Iterator[Complaint]:
    try:
        found = annotated(case)
    except InputError as error:
        yield Complaint(case.folder, "", str(error).removeprefix(f"{case.folder}/").rstrip("."))
        return
    if found is None:
        return
    for labels, name in ((found.a, A_FILE), (found.b, B_FILE)):
        yield from _check_file(Case(case.folder, labels), case.folder / name)


def confusable(case: Case) -> Iterator[Problem]:
    """Pairs of gold items of one kind so alike that the metric could take one for the other."""
    side = gold_side(case)
    said = as_prediction(side)
    matcher = Matcher.of_one(side)
    for kind in kind_names():
        for one, other in combinations(range(len(side.items[kind])), 2):
            gold, twin = side.items[kind][one], said.items[kind][other]
            if matcher.similarity(gold, twin) >= _TOO_ALIKE:
                yield gold.id, f"it is so like {twin.id} that the metric could take one for the other; merge them"


def _not_itself(case: Case) -> Iterator[Problem]:
    """Gold items that would not be right if they were said to the letter."""
    side = gold_side(case)
    said = as_prediction(side)
    matcher = Matcher.of_one(side)
    for kind in kind_names():
        for gold, same in zip(side.items[kind], said.items[kind], strict=True):
            wrong = [name for name in kind_named(kind).critical if not matcher.fields(gold, same)[name]]
            if wrong:
                hint = "; put each needed number into the action, its condition or its deadline" * ("numbers" in wrong)
                yield gold.id, f"said to the letter it would be wrong in {', '.join(wrong)}{hint}"


def _near_duplicates(cases: Sequence[Case]) -> Iterator[Complaint]:
    """Articles of different splits that share much of their wording: what is tuned on one is tuned on the other."""
    shingles = {case.id: _shingles(case.document.text, _SHINGLE) for case in cases}
    for one, other in combinations(cases, 2):
        if one.gold.split == other.gold.split:
            continue
        a, b = shingles[one.id], shingles[other.id]
        shared = len(a & b) / min(len(a), len(b)) if a and b else 0
        if shared >= _NEAR:
            message = (
                f"shares {shared:.0%} of its wording with {other.id}, which is in the other split; move or drop one"
            )
            yield Complaint(one.folder / GOLD_FILE, "", message)


def _leaks(cases: Sequence[Case], library: Library) -> Iterator[Complaint]:
    """Prompts that hold wording of an article, or name a party that only a test article has."""
    articles = {case.id: _shingles(case.document.text, _LEAK) for case in cases}
    for name, version in library.ids():
        path = library.path(name, version)
        text = path.read_text("utf-8")
        own, flat = _shingles(text, _LEAK), f" {_words(text)} "
        for case in cases:
            if own & articles[case.id]:
                yield Complaint(path, "", f"it holds wording of the article of {case.id}; write another example")
            elif case.gold.split == "test" and (named := _names_in(case, flat)):
                yield Complaint(
                    path, "", f"it names {named}, of the test case {case.id}; prompts may be tuned on dev only"
                )


def _names_in(case: Case, flat: str) -> str | None:
    """A name of several words, of a party that is no state, that stands in a text."""
    names = (party.name for party in case.gold.parties if party.kind != "state")
    return next((name for name in names if " " in name and f" {_words(name)} " in flat), None)


def _shingles(text: str, length: int) -> set[str]:
    words = _words(text).split()
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
