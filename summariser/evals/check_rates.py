"""What the checks do to right, altered and reworded claims: the share of each verdict."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summariser.documents import Document
from summariser.evals.metric import Matching
from summariser.evals.perturbations import PERTURBATIONS, perturbed
from summariser.grounding import Items
from summariser.linking import Linked, LinkedItem, link
from summariser.schema import Draft, DraftItem, Item, KindName, VerdictLabel, claims

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
    for name, item in trial.labelled(matchings):
        found.setdefault(name, Counter())[trial.item(item).verdict] += 1
        for altered, changed in trial.copies(item, rewordings) if name == RIGHT else ():
            copy = trial.item_on(item, changed)
            found.setdefault(altered, Counter())[copy[0].verdict if copy else "not_enough_info"] += 1
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

    def labelled(self, matchings: Mapping[KindName, Matching]) -> Iterator[tuple[str, LinkedItem]]:
        """Yield each claim that the gold labels count, with "right" or "wrong".

        Args:
            matchings: What the gold labels say of the claims, by kind.
        """
        for kind in claims():
            matching = matchings[kind.plural]
            right = {pair.predicted for pair in matching.pairs if pair.strict and not pair.optional}
            neutral = {*matching.neutral, *(pair.predicted for pair in matching.pairs if pair.optional)}
            for item in self.linked.of(kind):
                if item.id not in neutral:
                    yield (RIGHT if item.id in right else WRONG), item

    def item(self, item: LinkedItem) -> Item:
        """Return a claim as it is, with its checks and verdict."""
        return self._items.item(item)

    def copies(self, item: LinkedItem, rewordings: Mapping[str, str]) -> Iterator[tuple[str, DraftItem]]:
        """Yield copies of a right claim: in other words, and altered in one field."""
        if item.text in rewordings:
            yield REWORDED, item.draft.model_copy(update={item.kind.text: rewordings[item.text]})
        yield from perturbed(item, self.linked.parties, self.document)

    def item_on(self, item: LinkedItem, changed: DraftItem) -> tuple[Item, Linked] | None:
        """Return a copy of a claim, which is linked again; None if it is merged with another claim.

        Args:
            item: The claim.
            changed: The copy.

        Returns:
            The copy with its checks and verdict, and the answer that has it in the claim's place.
        """
        items = [changed if draft is item.draft else draft for draft in self.draft.of(item.kind)]
        draft = self.draft.model_copy(update={item.kind.plural: items})
        linked = link(draft, self.document, completing=self.completing)
        copy = next((each for each in linked.of(item.kind) if each.draft is changed), None)
        return (Items(linked, self.document, self.by_rules).item(copy), linked) if copy is not None else None
