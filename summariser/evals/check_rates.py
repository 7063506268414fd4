"""What the checks do to right, altered and reworded claims: the share of each verdict."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summariser.documents import Document
from summariser.evals.metric import Matching
from summariser.evals.perturbations import PERTURBATIONS, perturbed
from summariser.grounding import Items
from summariser.linking import Linked, LinkedItem, link
from summariser.schema import Draft, DraftItem, KindName, VerdictLabel, claims

Verdicts = dict[VerdictLabel, int]
"""The number of claims with each verdict."""
RIGHT, WRONG, REWORDED = "right", "wrong", "reworded"


def check_rates(
    trial: "Trial", matchings: Mapping[KindName, Matching], rewordings: Mapping[str, str]
) -> dict[str, Verdicts]:
    """Return the verdicts on the claims of an answer, and on altered and reworded copies of the right ones.

    Args:
        trial: The answer and its document.
        matchings: What the gold labels say of its claims, by kind.
        rewordings: Other words for the texts of claims, by text.

    Returns:
        The number of claims with each verdict: "right" and "wrong" ones as they are, "reworded" ones, and those with
        each kind of alteration.
    """
    found: dict[str, Counter[VerdictLabel]] = {}
    for kind in claims():
        matching = matchings[kind.plural]
        right = {pair.predicted for pair in matching.pairs if pair.strict and not pair.optional}
        neutral = {*matching.neutral, *(pair.predicted for pair in matching.pairs if pair.optional)}
        for item in trial.linked.of(kind):
            if item.id in neutral:
                continue
            name = RIGHT if item.id in right else WRONG
            found.setdefault(name, Counter())[trial.verdict(item)] += 1
            for altered, changed in trial.copies(item, rewordings) if item.id in right else ():
                found.setdefault(altered, Counter())[trial.verdict_on(item, changed)] += 1
    return {name: dict(found[name]) for name in (RIGHT, WRONG, REWORDED, *PERTURBATIONS) if name in found}


@dataclass
class Trial:
    """The checks of one answer, and of copies of its claims.

    Attributes:
        draft: The answer.
        document: Its document.
        by_rules: The plurals of the kinds that rules read off the text.
        completing: Passed to `link`.
        linked: The answer with its parties linked.
    """

    draft: Draft
    document: Document
    by_rules: Sequence[KindName]
    completing: bool = True
    linked: Linked = field(init=False)

    def __post_init__(self) -> None:
        self.linked = link(self.draft, self.document, completing=self.completing)
        self._items = Items(self.linked, self.document, self.by_rules)

    def verdict(self, item: LinkedItem) -> VerdictLabel:
        """Return the verdict on a claim as it is."""
        return self._items.item(item).verdict

    def copies(self, item: LinkedItem, rewordings: Mapping[str, str]) -> Iterator[tuple[str, DraftItem]]:
        """Yield copies of a right claim: in other words, and altered in one field."""
        if item.text in rewordings:
            yield REWORDED, item.draft.model_copy(update={item.kind.text: rewordings[item.text]})
        yield from perturbed(item, self.linked.parties, self.document)

    def verdict_on(self, item: LinkedItem, changed: DraftItem) -> VerdictLabel:
        """Return the verdict on a copy of a claim, which is linked again."""
        items = [changed if draft is item.draft else draft for draft in self.draft.of(item.kind)]
        draft = self.draft.model_copy(update={item.kind.plural: items})
        linked = link(draft, self.document, completing=self.completing)
        copy = next((each for each in linked.of(item.kind) if each.draft is changed), None)
        if copy is None:
            return "not_enough_info"  # merged with another claim
        return Items(linked, self.document, self.by_rules).item(copy).verdict
