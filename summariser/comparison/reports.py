"""Reports of one event: what they have in common, and where they differ in a number, a name or a speaker."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from summariser.comparison.alignment import Likeness, align
from summariser.comparison.ask import GivenPairs
from summariser.comparison.changes import Finding, Pair, deadline, numbers, stance
from summariser.comparison.models import Agreement, Difference, DifferenceName, Unclear
from summariser.comparison.sides import Compared, Number, closest_numbers, in_words
from summariser.schema import COMMITMENT, REACTION, Item, ItemKind, claims, ids_in
from summariser.text import lexicon, numbers_in, tokenize

_SAME_SENTENCE = 0.2  # least likeness of two sentences that tell the same
_SAME_NAME = 0.75  # least similarity of two spellings of one name, as difflib measures it
_SHORTEST_NAME = 4

Entry = tuple[Compared, Item]
"""An item with the report that has it."""


def reports_of(
    reports: Sequence[Compared], given: dict[tuple[int, int], GivenPairs] | None = None
) -> tuple[list[Difference], list[Agreement], list[Unclear]]:
    """Return where reports of one event differ, what several of them have, and what is unclear.

    Args:
        reports: The reports.
        given: The pairs that a model calls the same, with what differs, by the numbers of two reports; None to align
            the items by rules.
    """
    likeness = {(a.number, b.number): Likeness.of(a, b, same_actors=False) for a, b in combinations(reports, 2)}
    differences: list[Difference] = []
    same: list[Agreement] = []
    unclear: list[Unclear] = []
    for kind in claims():
        for cluster in _clusters(kind, reports, likeness, given):
            sides = tuple(report.side(kind, item) for report, item in cluster)
            if len({side.source for side in sides}) > 1:
                found = list(_in_cluster(kind, cluster, given))
                differences += found
                if not found:
                    same.append(Agreement(kind=kind.name, sides=sides))
            missing = [report for report in reports if report.number not in {side.source for side in sides}]
            told = [_missing(kind, cluster, report, likeness, given) for report in missing]
            unclear += [each for each in told if isinstance(each, Unclear)]
            lacking = tuple(each for each in told if isinstance(each, int))
            if lacking:
                differences.append(Difference(kind=kind.name, difference="only", sides=sides, missing=lacking))
    for one, other in combinations(reports, 2):
        known = [each for each in differences if each.difference in ("number", "date")]
        differences += [
            each for each in _numbers(one, other, likeness[one.number, other.number]) if not _is_told(each, known)
        ]
        differences += _names(one, other)
    return differences, same, unclear


# ── items ────────────────────────────────────────────────────────────────────────────────────────


def _clusters(
    kind: ItemKind,
    reports: Sequence[Compared],
    likeness: dict[tuple[int, int], Likeness],
    given: dict[tuple[int, int], GivenPairs] | None,
) -> Iterator[list[Entry]]:
    """Yield the items of a kind that are the same in several reports, and each of the others by itself."""
    items = {report.number: [item for k, item in report.items() if k is kind] for report in reports}
    entries = {(report.number, item.id): (report, item) for report in reports for item in items[report.number]}
    cluster_of = {key: {key} for key in entries}
    for one, other in combinations(reports, 2):
        pairs = given.get((one.number, other.number)) if given is not None else None
        aligned = align(
            kind,
            items[one.number],
            items[other.number],
            likeness[one.number, other.number],
            pairs.of(kind.letter) if pairs is not None else None,
        )
        one_to_one = [(mine.id, theirs.id) for mine, theirs in aligned.one_to_one]
        for mine, theirs in one_to_one if pairs is None else aligned.all_pairs:
            merged = cluster_of[one.number, mine] | cluster_of[other.number, theirs]
            cluster_of |= dict.fromkeys(merged, merged)
    seen: set[tuple[int, str]] = set()
    for key, cluster in cluster_of.items():
        if key not in seen:
            seen |= cluster
            yield [entries[each] for each in entries if each in cluster]


def _missing(
    kind: ItemKind,
    cluster: list[Entry],
    report: Compared,
    likeness: dict[tuple[int, int], Likeness],
    given: dict[tuple[int, int], GivenPairs] | None,
) -> int | Unclear:
    """Return the number of a report that lacks an item; what is unclear if it was read in part or may tell of it."""
    one, item = cluster[0]
    pairs = given.get((min(one.number, report.number), max(one.number, report.number))) if given is not None else None
    said = pairs.sentence_for(item.id, int(one.number > report.number)) if pairs is not None else None
    if said is not None:
        reason = "No item of the other report is the same, but a sentence there says it."
        return Unclear(
            kind=kind.name, side=one.side(kind, item), other=report.number, reason=reason, sentences=said[:1]
        )
    if reason := report.why_unclear(aligned_by_model=given is not None):
        return Unclear(kind=kind.name, side=one.side(kind, item), other=report.number, reason=reason)
    known = likeness[min(one.number, report.number), max(one.number, report.number)]
    if places := known.mentions(kind, item, one, report):
        reason = "No item of the other report is the same, but a sentence there may tell of it."
        return Unclear(kind=kind.name, side=one.side(kind, item), other=report.number, reason=reason, sentences=places)
    return report.number


def _in_cluster(
    kind: ItemKind, cluster: list[Entry], given: dict[tuple[int, int], GivenPairs] | None
) -> Iterator[Difference]:
    """Yield the differences in speaker, stance, number and date of items that are the same."""
    for (one, mine), (other, theirs) in combinations(cluster, 2):
        pairs = given.get((one.number, other.number)) if given is not None else None
        told = pairs.pairs.get((mine.id, theirs.id), frozenset()) if pairs is not None else None
        if one.number == other.number:
            continue
        yield from _in_fields(Pair(mine, theirs, one, other, kind), told)
        ours, others = _speaker(kind, mine), _speaker(kind, theirs)
        if not ours or not others:
            continue
        apart = not one.party_keys(one.bodies_of(ours)) & other.party_keys(other.bodies_of(others))
        if apart and (told is None or "speaker" in told):
            yield Difference(
                kind=kind.name,
                difference="speaker",
                sides=(one.side(kind, mine), other.side(kind, theirs)),
                values=(one.names(ours), other.names(others)),
            )


_FIELDS: dict[str, tuple[tuple[DifferenceName, Callable[[Pair], Iterator[Finding]]], ...]] = {
    COMMITMENT.name: (("number", numbers), ("date", deadline)),
    REACTION.name: (("stance", stance),),
}
"""The rules for fields in which items of two reports differ."""


def _in_fields(pair: Pair, told: frozenset[str] | None) -> Iterator[Difference]:
    """Yield the fields in which two items that are the same differ, by rules that a model must agree with, if asked."""
    for name, rule in _FIELDS.get(pair.kind.name, ()):
        for _, was, now in rule(pair) if told is None or name in told else ():
            yield Difference(
                kind=pair.kind.name,
                difference=name,
                sides=(pair.first.side(pair.kind, pair.before), pair.second.side(pair.kind, pair.after)),
                values=(was, now),
            )


def _speaker(kind: ItemKind, item: Item) -> tuple[str, ...]:
    speakers = [field.name for field in kind.parties if field.role == "speaker"]
    return tuple(id for name in speakers for id in ids_in(item, name))


# ── sentences ────────────────────────────────────────────────────────────────────────────────────


def _numbers(one: Compared, other: Compared, likeness: Likeness) -> Iterator[Difference]:
    """Yield numbers that stand in one of the two reports alone, in sentences that are likest to each other."""
    mine, theirs = _numbered(one, _all_numbers(other)), _numbered(other, _all_numbers(one))
    scores = {
        (number, match): likeness.of_sentences(number, match)
        for number in mine
        for match in theirs
        if closest_numbers(mine[number], theirs[match]) is not None
    }
    told: set[tuple[int, int]] = set()
    for (number, match), score in sorted(scores.items(), key=lambda each: -each[1]):
        pair = closest_numbers(mine[number], theirs[match])
        if score < _SAME_SENTENCE or pair is None or any(number == a or match == b for a, b in told):
            continue
        told.add((number, match))
        yield Difference(
            kind="fact",
            difference="number",
            sides=(one.sentence(number), other.sentence(match)),
            values=(in_words(pair[0]), in_words(pair[1])),
        )


def _is_told(difference: Difference, known: Sequence[Difference]) -> bool:
    """Return True if items with a sentence of both sides have a difference in a number or a date already."""
    return any(
        all(any(set(side.sentences) & set(other.sentences) for other in each.sides if other.source == side.source)
            for side in difference.sides)
        for each in known
    )  # fmt: skip


def _numbered(side: Compared, known: frozenset[Number]) -> dict[int, frozenset[Number]]:
    """Return the sentences of a report with numbers that the other report does not have, and these numbers."""
    found = {number: numbers_in(text, side.language) - known for number, text in side.sentences.items()}
    return {number: numbers for number, numbers in found.items() if numbers}


def _all_numbers(side: Compared) -> frozenset[Number]:
    return frozenset(number for text in side.sentences.values() for number in numbers_in(text, side.language))


def _names(one: Compared, other: Compared) -> Iterator[Difference]:
    """Yield names that stand in one report alone and nearly the same in the other alone."""
    mine, theirs = _capitalised(one), _capitalised(other)
    for name in sorted(mine.keys() - theirs.keys()):
        rest = [each for each in theirs.keys() - mine.keys() if each[0] == name[0]]
        near = max(rest, key=lambda each: SequenceMatcher(None, name, each).ratio(), default=None)
        if near and SequenceMatcher(None, name, near).ratio() >= _SAME_NAME and not _inflected(name, near):
            yield Difference(
                kind="fact",
                difference="name",
                sides=(one.sentence(mine[name]), other.sentence(theirs[near])),
                values=(name.capitalize(), near.capitalize()),
            )


def _capitalised(side: Compared) -> dict[str, int]:
    """Return the words with a capital inside a sentence, in lower case, with the first sentence of each."""
    found: dict[str, int] = {}
    small: set[str] = set()
    for number, text in side.sentences.items():
        for place, token in enumerate(tokenize(text)):
            if not token.capital:
                small.add(token.norm)
            elif place and len(token.norm) >= _SHORTEST_NAME:
                found.setdefault(token.norm, number)
    common = small | lexicon.words("weekdays") | lexicon.words("months")
    return {word: number for word, number in found.items() if word not in common}


def _inflected(one: str, other: str) -> bool:
    """Return True if two words are forms of one word, such as Velmar and Velmari."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter)
