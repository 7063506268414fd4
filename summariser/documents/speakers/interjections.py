"""Interjections and stage directions: what stands in brackets between the sentences of a transcript."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from summariser.documents.speakers.labels import label_at
from summariser.documents.speakers.turns import Turn, turn_of
from summariser.text import lexicon

_IN_BRACKETS = re.compile(  # after the end of a sentence or of a line, and before the next one
    r"(?:(?<=[.!?…:”\"»’—–\n])|(?<=--)|(?<=[.!?…”\"»] ))[^\S\n]*"
    r"(?P<open>[(\[])(?!\d{1,2}:\d\d)(?=[^\n]{0,9}[^\W\d_]{2})"
    r"(?:(?<=\()[^()\n]{2,600}\)|(?<=\[)[^\[\]\n]{2,600}\])\.?(?=[^\S\n]*(?:\n|$)|[^\S\n]+(?![a-zà-ÿ,;]))"
    r"|(?<=[。！？…：」』”\n])(?P<wide>[（【])[^（）【】\n]{1,600}[）】]"
)
_PART = re.compile(
    r"(?:\s*[–—]\s*|\s+-\s+)?(?P<words>(?P<label>[^:：\n–—]{2,80}(?::\s+|：))?.+?)(?=\s?[–—]\s|(?<=[.!?])[–—]|\s-\s|$)"
)
_GAP = re.compile(r"\s*")


def with_interjections(turns: Sequence[Turn], text: str, language: str | None) -> list[Turn]:
    """Add the interjections and stage directions in brackets that stand between the sentences of the turns.

    The words of an interjection, "(Ana Belmar [PI]: That is wrong!)", are those of its own speaker; a stage direction,
    "[Applause]", is a turn without a label. The turn before goes on after them.

    Args:
        turns: The turns in order.
        text: The text of the document.
        language: The language of the text.
    """
    found: list[Turn] = []
    behind = [*(turn.start for turn in turns[1:]), len(text)]
    for turn, end in zip(turns, behind, strict=False):
        found.append(turn)
        for bracket in _IN_BRACKETS.finditer(text, turn.spoken, end) if turn.label else ():
            if _own_pronoun(language).search(bracket[0].partition(":")[0]):  # an aside of the speaker
                continue
            found += _parts(bracket, language)
            goes_on = _GAP.match(text, bracket.end(), end).end()  # type: ignore[union-attr]
            if goes_on < end:
                found.append(replace(turn, start=goes_on))
    return found


def _parts(bracket: re.Match[str], language: str | None) -> Iterator[Turn]:
    """Yield the interjections and stage directions in brackets, which dashes separate."""
    start = bracket.start("wide" if bracket["wide"] else "open")
    for part in _PART.finditer(bracket.string, start + 1, bracket.end() - 1):
        label = label_at(bracket.string, part.start("words"), language)
        if label is None or not label.signed or label.of_record or label.spoken > part.end():
            spoken = part.end("label") if part["label"] else part.end()
            words = part["label"].rstrip(" :：") if part["label"] else ""
            yield Turn(words, start, (part.start("words"), part.start("words") + len(words)), spoken, party=words)
        else:
            yield replace(turn_of(label, known=True), start=start)
        start = part.end()


@cache
def _own_pronoun(language: str | None) -> re.Pattern[str]:
    """Return a pattern of "I" and "we" in a language; it matches nothing if the language has no list of pronouns."""
    own = [pronoun.word for pronoun in lexicon.pronouns(language) if pronoun.referent == "own"] if language else []
    return re.compile(rf"\b(?:{'|'.join(own)})\b" if own else r"(?!)", re.IGNORECASE)
