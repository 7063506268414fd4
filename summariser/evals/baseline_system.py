"""The baseline system: a selector of sentences by cue words, without a model, that every prompt should outperform."""

import re
from collections.abc import Iterator, Mapping

from summariser.documents import Document
from summariser.prompts import Prompt
from summariser.schema import Draft, DraftCommitment, DraftParty, DraftReaction, DraftRisk, Stance, Status

PROMPT = Prompt.model_construct(
    name="floor", version=1, sha256="0" * 64, calls=(), description="", changes="", system="", opening=""
)
"""The prompt of a run of the baseline system; it has no calls."""
MODEL = "none/cue-words"

# A sentence with one of these words becomes an item, with the status or stance of the word.
_COMMITMENTS: Mapping[str, Status] = {
    "agreed": "agreed", "signed": "agreed", "pledged": "pledged", "will": "planned", "ordered": "decided",
}  # fmt: skip
_REACTIONS: Mapping[str, Stance] = {
    "welcomed": "supports", "rejected": "opposes", "denied": "opposes", "warned": "concerned", "said": "neutral",
}  # fmt: skip
_RISKS = ("could", "risk")
_NAME = re.compile(
    r"[^\W\d_a-zß-ÿ][\w’'-]*(?:(?: (?:of|de|du|del|la|le|the|van|von|al|and the))? [^\W\d_a-zß-ÿ][\w’'-]*)*"
)


def baseline(document: Document) -> Draft:
    """Return whole sentences with cue words as items; the first capitalised name of a sentence is the actor."""
    names = _names(document)
    commitments, reactions, risks = [], [], []
    for sentence in document.content:
        text, cited = " ".join(sentence.text.split()), [sentence.number]
        words = set(re.findall(r"[^\W\d_]+", text.casefold()))
        actor = next((name for name in _runs(text) if name in names), None)
        by = [actor] if actor else []
        if status := next((status for cue, status in _COMMITMENTS.items() if cue in words), None):
            commitments.append(DraftCommitment(sentences=cited, by=by, action=text, status=status))
        if stance := next((stance for cue, stance in _REACTIONS.items() if cue in words), None):
            reactions.append(DraftReaction(sentences=cited, by=by, stance=stance, statement=text))
        if words.intersection(_RISKS):
            risks.append(DraftRisk(sentences=cited, risk=text, raised_by=actor))
    parties = [
        DraftParty(name=name, kind="person" if name.count(" ") == 1 else "organisation", sentences=[number])
        for name, number in names.items()
    ]
    return Draft(parties=parties, commitments=commitments, reactions=reactions, risks=risks)


def _names(document: Document) -> dict[str, int]:
    """Return the capitalised names of a document, each with the number of its first sentence."""
    found: dict[str, int] = {}
    for sentence in document.content:
        for name in _runs(sentence.text):
            found.setdefault(name, sentence.number)
    return found


def _runs(text: str) -> Iterator[str]:
    """Yield the runs of capitalised words, except single words at the beginning of a sentence."""
    for match in _NAME.finditer(text):
        name = re.sub(r"^(?:The|A|An|In|On|At|Le|La|Les|El|Los|Las) ", "", match.group())
        if match.start() or " " in name:
            yield name
