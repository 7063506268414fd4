"""An independent check of "verified": it shares no code with the grounding and looks at characters alone."""

import re
from collections.abc import Iterator
from itertools import pairwise

from summariser.schema import Commitment, Item, Party, Reaction, Risk, Summary

NOT = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|cannot|without|ne|pas|jamais|sans|aucune?|nunca|sin|ningun[oa]?|nicht|"
    r"kein\w*|nie)\b|n[’']t\b",
    re.I,
)
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def complaints(summary: Summary, text: str) -> Iterator[str]:
    """What the cited words of verified claims lack: a negation, a number, whoever is said to act."""
    parties = {party.id: party for party in summary.parties}
    for item in summary.items:
        if isinstance(item, Party) or not item.verified:
            continue
        cited = cited_text(item, text)
        for lacking in (*lacking_negations(said(item), cited), *lacking_numbers(said(item), cited)):
            yield f"{item.id}: {lacking}"
        for actor in actors(item):
            if not names(parties[actor], text if carried_over(item) else cited):
                yield f"{item.id}: nobody is called {parties[actor].name}"


def carried_over(item: Item) -> bool:
    """Whether the item says that whoever acts is named elsewhere in the text."""
    return any(check.field in ("by", "raised_by") and check.outcome == "carried_over" for check in item.checks)


def cited_text(item: Item, text: str) -> str:
    """The words of the evidence and of the checks, each span out to the ends of its sentence's line."""
    spans = [(e.start, e.end) for e in (*item.evidence, *item.checks) if e.start is not None and e.end is not None]
    return " ".join(text[text.rfind("\n", 0, start) + 1 : end] for start, end in spans)


def said(item: Item) -> str:
    """What the item says, in its own words."""
    match item:
        case Commitment():
            return " ".join(filter(None, (item.action, item.condition, item.deadline.text if item.deadline else None)))
        case Reaction():
            return " ".join(filter(None, (item.statement, item.quote)))
        case Risk():
            return item.risk
        case _:
            return ""


def actors(item: Item) -> tuple[str, ...]:
    """Who is said to act."""
    match item:
        case Commitment() | Reaction():
            return item.by
        case Risk():
            return (item.raised_by,) if item.raised_by else ()
        case _:
            return ()


def lacking_negations(said: str, cited: str) -> list[str]:
    """A negation in the item where the cited words have none."""
    if NOT.search(said) and not NOT.search(cited):
        return ["the cited words negate nothing"]
    return []


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
