"""An independent check of "supported": it shares no code with the grounding and looks at characters alone."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from text_to_num import alpha2digit

from summariser.documents import Document
from summariser.schema import Commitment, Evidence, Item, Party, Reaction, Risk, Summary

NOT = re.compile(
    r"\b(?:not|never|no|nobody|nothing|none|neither|nor|cannot|without|ne|pas|jamais|sans|aucune?|nunca|sin|ningun[oa]?|"
    r"nicht|kein\w*|nie)\b|n[’']t\b",
    re.I,
)
DENIED = re.compile(
    r"\b(?:abandon|ban(?:s|ned)?\b|bar(?:s|red)?\b|declin|den(?:y|ie)|end(?:s|ed)?\b|exclud|fail|refus|reject|"
    r"ruled? out|rules out|scrap|stop|dépourvu|écart|rejet|descart|rechaz|nieg|negó)",
    re.I,
)
NEAR = 12  # sentences before the cited words in which an antecedent, a lead-in or a heading stands
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def complaints(summary: Summary, document: Document) -> Iterator[str]:
    """What the cited sentences of supported claims lack: a negation, a number, whoever acts or is addressed."""
    for item in summary.items:
        if not isinstance(item, Party) and item.verified:
            for lacking in complaints_of(item, summary, document):
                yield f"{item.id}: {lacking}"


def complaints_of(item: Item, summary: Summary, document: Document) -> Iterator[str]:
    """What the cited sentences of one claim lack."""
    parties = {party.id: party for party in summary.parties}
    cited = sentences({*item.sentences, *(n for check in item.checks for n in check.sentences)}, document)
    yield from (f"the source has no “{e.text}” there" for e in item.evidence if not stands(e, document.text))
    yield from lacking_negations(said(item), cited)
    yield from lacking_numbers(said(item), f"{cited} {in_digits(cited, document.language)}")
    if isinstance(item, Reaction) and item.quote and not all(has(document.text, part) for part in parts(item.quote)):
        yield f"nobody says “{item.quote}”"
    if not NOT.search(said(item)) and not DENIED.search(said(item)) and getattr(item, "status", "") != "refused":
        yield from negated_words(said(item), cited)
    for field, ids in named(item).items():
        carried = any(check.field == field and check.outcome == "carried_over" for check in item.checks)
        for party in (parties[i] for i in ids):
            kin = [p for p in parties.values() if p.affiliation == party.id or party.affiliation == p.id]
            where = f"{cited} {text_near(item, document)}" if carried else cited
            if not any(names(each, where) for each in ([party, *kin] if carried else [party])):
                yield f"nobody is called {party.name}"


def in_digits(text: str, language: str | None) -> str:
    """A text with its numbers in digits."""
    return str(alpha2digit(text, language)) if language in ("en", "fr", "es", "de") else text


def parts(quote: str) -> list[str]:
    """The parts of a quotation between its ellipses."""
    return [part for part in re.split(r"\s*(?:\[?…\]?|\[?\.{3}\]?)\s*", quote) if part]


def has(text: str, words: str) -> bool:
    """Whether a text has words, whatever their quotation marks and white space."""
    plain = ("".join(re.findall(r"\w", each.casefold())) for each in (words, text))
    return next(plain) in next(plain)


def stands(evidence: Evidence, text: str) -> bool:
    """Whether the words of the evidence are the source's, at their place."""
    return evidence.start is None or evidence.end is None or text[evidence.start : evidence.end] == evidence.text


def sentences(numbers: Iterable[int], document: Document) -> str:
    """The sentences of a document with these numbers."""
    return " ".join(document.sentences[number - 1].text for number in sorted(numbers))


def text_near(item: Item, document: Document) -> str:
    """What may introduce the cited words: the sentences before them, and the first ones, which name an issuer."""
    first = min(item.sentences, default=1)
    before = {*range(max(1, first - NEAR), first), 1, 2, 3}
    return sentences(before & {*range(1, len(document.sentences) + 1)}, document)


def said(item: Item) -> str:
    """What the item says, in its own words."""
    match item:
        case Commitment():
            return " ".join(filter(None, (item.action, item.condition, item.deadline.text if item.deadline else None)))
        case Reaction():
            return item.statement
        case Risk():
            return item.risk
        case _:
            return ""


def named(item: Item) -> dict[str, tuple[str, ...]]:
    """Who is said to act, to speak, to be addressed or to be hit, by field."""
    match item:
        case Commitment():
            return {"by": item.by, "to": item.to, "said_by": (item.said_by,) if item.said_by else ()}
        case Reaction():
            return {"by": item.by}
        case Risk():
            return {"raised_by": (item.raised_by,) if item.raised_by else (), "affects": item.affects}
        case _:
            return {}


def lacking_negations(said: str, cited: str) -> list[str]:
    """A negation in the item where the cited words neither negate nor deny, refuse or end anything."""
    if NOT.search(said) and not NOT.search(cited) and not DENIED.search(cited):
        return ["the cited words negate nothing"]
    return []


def negated_words(said: str, cited: str) -> list[str]:
    """Verbs and nouns of the item that stand in the cited words only right after a negation."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]{5,}", said)}
    flat = " ".join(cited.split()).casefold()
    return [f"the cited words say “not {word}”" for word in words if only_negated(word, flat)]


def only_negated(word: str, text: str) -> bool:
    """Whether a word stands in a text, and each time after a negation."""
    negated = len(re.findall(rf"(?:\b(?:not|never)|n[’']t) {re.escape(word)}\b", text))
    return negated > 0 and negated == len(re.findall(rf"\b{re.escape(word)}\b", text))


def lacking_numbers(said: str, cited: str) -> list[str]:
    """Digits of the item that the cited words do not have."""
    have = set(DIGITS.findall(cited))
    return [f"no number {number}" for number in DIGITS.findall(said) if number not in have]


def names(party: Party, cited: str) -> bool:
    """Whether the words have a name of the party, a part of a person's, or a state's people."""
    flat = " ".join(cited.split()).casefold().replace("’", "'")
    full = [name.casefold().replace("’", "'") for name in (party.name, *party.aliases)]
    if any(name in flat for name in full):
        return True
    if party.kind == "state":
        return any(name[:4] in flat for name in full)
    words = [word for name in full for word in name.split() if len(word) > 2]
    return any(re.search(rf"\b{re.escape(word)}", flat) for word in words)


def altered(words: str, others: list[str]) -> Iterator[tuple[str, str]]:
    """Sneaky alterations of a quotation, by kind: one of each that its words allow."""
    if match := re.search(r"\b(is|are|was|were|will|would|has|have|had|could|must|should|can)\b(?! not)", words):
        yield "negation", f"{words[: match.end()]} not{words[match.end() :]}"
    if match := re.search(r"\b(?:not|never|no) ", words):
        yield "negation", words[: match.start()] + words[match.end() :]
    if match := DIGITS.search(words):
        yield "number", words[: match.start()] + str(int(re.sub(r"\D", "", match.group())) + 1) + words[match.end() :]
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    for day, other in pairwise([*days, days[0]]):
        if re.search(rf"\b{day}\b", words):
            yield "weekday", words.replace(day, other, 1)
            break
    mine = re.findall(r"(?<=[a-z,] )[A-ZÀ-Ý][\w’'-]+", words)
    strange = [name for name in others if name not in words]
    if mine and strange:
        yield "name", words.replace(mine[0], strange[len(words) % len(strange)], 1)
    if match := re.search(r"\b([a-zà-ÿ]{4,})\W*$", words):
        swapped = "bridge" if match.group(1) != "bridge" else "tunnel"
        yield "object", words[: match.start(1)] + swapped + words[match.end(1) :]
    if match := re.match(r"(\S+ \S+)( .+ )(\S+ \S+)$", words):
        yield "order", f"{match.group(3)}{match.group(2)}{match.group(1)}"


def faithful(words: str) -> Iterator[str]:
    """Variants of a quotation that say the same: quote marks, white space, case, dashes."""
    yield words.replace("“", '"').replace("”", '"').replace("’", "'")
    yield "  ".join(words.split())
    yield words[:1].swapcase() + words[1:]
    yield words.replace(" ", "\n", 1)
    yield f"“{words}”"
    yield words.replace("-", "‑")
