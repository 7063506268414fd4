"""PolNeAR: whether the source of an attribution is taken for its speaker, and another source of the article is not."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from summariser import check
from summariser.documents import Document
from summariser.text import clean, lexicon, normalise
from tests.benchmarks.scores import Judged, Score, score

_PUBLISHED = "annotators agree on 92.3% of attributions"
_PRONOUNS = frozenset(pronoun.word for pronoun in lexicon.pronouns("en")) | frozenset("some many others".split())
_SMALL = frozenset("of the for and on in at to a an".split())
_MARKS = tuple("“\"'‘")


@dataclass(frozen=True)
class Attribution:
    """Who says what: the sources, and the spans of the content in the article's normalised text."""

    sources: tuple[str, ...]
    content: tuple[tuple[int, int], ...]

    def overlaps(self, other: "Attribution") -> bool:
        """Return True if the contents have characters in common."""
        return any(a < d and c < b for a, b in self.content for c, d in other.content)


@dataclass(frozen=True)
class Case:
    """A speaker to be judged: the claim, whether the speaker is the right one, and which kind of case it is."""

    claim: dict[str, object]
    right: bool
    direct: bool
    named: bool


def measured(folder: Path) -> Iterator[Score]:
    """Yield the scores of direct and of indirect speech: for sources with names, and for all sources but pronouns.

    An article that two people annotated counts once, with the first annotation.

    Args:
        folder: The folder with `text` and `attributions` (brat).
    """
    files = {
        re.sub(r"_[0-9a-f]{4}$", "", f.stem): f for f in sorted((folder / "attributions").glob("*.ann"), reverse=True)
    }
    jobs = [(folder / "text" / f"{name}.txt", file) for name, file in sorted(files.items())]
    with ProcessPoolExecutor() as pool:
        found = [each for article in pool.map(_article, jobs) for each in article]
    for direct in (True, False):
        kind = "direct" if direct else "indirect"
        cases = [(case, judged) for case, judged in found if case.direct is direct]
        yield score("summariser", f"polnear, {kind}, names", [j for c, j in cases if c.named], _PUBLISHED)
        yield score("summariser", f"polnear, {kind}, all", [j for _, j in cases], _PUBLISHED)


def _article(files: tuple[Path, Path]) -> list[tuple[Case, Judged]]:
    text, attributions = files[0].read_text("utf-8"), files[1].read_text("utf-8")
    document = Document.from_text(text, source=files[0].stem)
    cases = list(_cases(document, list(_attributions(text, attributions))))
    verdicts = check([case.claim for case in cases], document) if cases else []
    settled = (next(c for c in v.checks if c.field == "said_by").settled for v in verdicts)
    return [(case, Judged(document.source, case.right, ok)) for case, ok in zip(cases, settled, strict=True)]


def _attributions(text: str, annotated: str) -> Iterator[Attribution]:
    """Yield the attributions of a brat file that have a source and a content."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for line in annotated.splitlines():
        if line.startswith("T"):
            name, where, _ = line.split("\t", 2)
            pairs = (pair.split() for pair in where.split(" ", 1)[1].split(";"))
            spans[name] = [(int(a), int(b)) for a, b in pairs]
    for line in annotated.splitlines():
        if not line.startswith("E"):
            continue
        roles = [part.split(":") for part in line.split("\t")[1].split()]
        sources = [name for role, at in roles if role.startswith("Source") for name in _names(text, spans[at])]
        content = [span for role, at in roles if role.startswith("Content") for span in spans[at]]
        if sources and content:
            places = tuple((len(normalise(text[:a])), len(normalise(text[:b]))) for a, b in content)
            yield Attribution(tuple(dict.fromkeys(sources)), places)


def _names(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the names of a source, several if "and" joins them, without a possessive ending."""
    words = re.sub(r"['’]s?$", "", " ".join(" ".join(text[a:b] for a, b in spans).split()))
    parts = [part.strip(" ,") for part in re.split(r",? and (?=[A-Z])", words)]
    body = re.search(r"\b(?:Department|Ministry|Center|Committee|University|Institute|Association|Office)\b", words)
    return (
        parts
        if len(parts) > 1 and body is None and all(p[:1].isupper() or p.startswith("the ") for p in parts)
        else [words]
    )


def _cases(document: Document, attributions: Sequence[Attribution]) -> Iterator[Case]:
    """Yield each source as the speaker of its content, and another named source of the article in its place."""
    everybody = list(dict.fromkeys(name for each in attributions for name in each.sources if _is_name(name)))
    for number, each in enumerate(attributions):
        start = min(a for a, _ in each.content)
        said = " ".join(" ".join(document.text[a:b] for a, b in each.content).split())
        direct = said.startswith(_MARKS) or document.text[max(0, start - 1) : start] in ("“", '"')
        sentences = sorted({n for a, b in each.content for n in document.at(a, b)})
        claim = {"text": said, "sentences": sentences}
        here = {name for other in attributions if other.overlaps(each) for name in other.sources}
        for name in each.sources:
            if name.casefold() in _PRONOUNS or not _words(name) or not re.search(r"\w", said):
                continue
            yield Case({**claim, "said_by": name}, True, direct, _is_name(name))
            others = [o for o in everybody if _is_name(name) and not any(_words(o) & _words(h) for h in (name, *here))]
            if others:
                yield Case({**claim, "said_by": others[number % len(others)]}, False, direct, named=True)


def _words(name: str) -> set[str]:
    folded = re.sub(r"'s\b", "", name.casefold().replace("’", "'"))
    return set(re.findall(r"[a-z']+", folded)) - _SMALL


def _is_name(source: str) -> bool:
    """Return True if every word of a source but small ones has a capital."""
    words = [word for word in re.findall(r"[\w.'’-]+", clean(source)) if word.casefold() not in _SMALL]
    return bool(words) and clean(source).casefold() not in _PRONOUNS and all(word[:1].isupper() for word in words)
