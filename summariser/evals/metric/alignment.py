"""The alignment of two sides: the gold ids that the ids of a prediction mean."""

from summariser.evals.metric.items import Ids, Side


class Alignment:
    """The gold ids that the ids of a prediction mean.

    Args:
        gold: The gold side.
        predicted: The predicted side.

    Attributes:
        parties: The gold id of each predicted party that is aligned with one.
        targets: The gold id of each predicted target of other items that is aligned with one.
    """

    def __init__(self, gold: Side, predicted: Side) -> None:
        self.gold = gold
        self.language = gold.language
        self.parties: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self._predicted_targets = frozenset(item.id for item in predicted.targets)

    @classmethod
    def identity(cls, side: Side) -> "Alignment":
        """Return the alignment of a side with itself."""
        alignment = cls(side, side)
        alignment.parties = {party.id: party.id for party in side.parties}
        alignment.targets = {item.id: item.id for item in side.targets}
        return alignment

    def gold_parties(self, ids: Ids) -> Ids:
        """Return predicted parties as gold ids; a party without a gold id gets an id that no gold party has."""
        return frozenset(map(self.gold_party, ids))

    def gold_party(self, id: str) -> str:
        """Return the gold id of a predicted party; without one, an id that no gold party has."""
        return self.parties.get(id, f"?{id}")

    def gold_id(self, id: str) -> str:
        """Return the gold id of a predicted party or target; any other id as it is."""
        return self.parties.get(id, self.targets.get(id, id))

    def same_target(self, gold: str, predicted: str, apart: Ids) -> bool:
        """Return True if a predicted id means the gold target, or an actor that counts as the same."""
        if predicted in self._predicted_targets:
            return self.targets.get(predicted) == gold
        return self._same_actor(gold, self.gold_party(predicted), apart)

    def actor_similarity(self, gold: Ids, predicted: Ids, apart: Ids) -> float:
        """Return the Dice coefficient of two sets of actors; 1 if both are empty.

        Args:
            gold: The gold ids of the gold item's actors.
            predicted: The gold ids of the predicted actors.
            apart: The parties that the gold item distinguishes.
        """
        if not gold and not predicted:
            return 1.0
        met = sum(any(self._same_actor(one, other, apart) for other in predicted) for one in gold)
        meeting = sum(any(self._same_actor(one, other, apart) for one in gold) for other in predicted)
        return (met + meeting) / (len(gold) + len(predicted))

    def _same_actor(self, one: str, other: str, apart: Ids) -> bool:
        """Return True if two gold ids are the same, or one speaks for the other and the item does not name both."""
        if one == other or {one, other} <= apart:
            return one == other
        return self._speaks_for(one) == other or self._speaks_for(other) == one

    def _speaks_for(self, id: str) -> str | None:
        """Return the party that a person or an organisation speaks for; None for groups and states."""
        party = self.gold.party(id)
        if party is None or party.fields["kind"][0] not in ("person", "organisation"):
            return None
        value = party.fields["affiliation"][0]
        return value if isinstance(value, str) else None
