"""Names → parties: aliases merged, people who share a name kept apart, every reference made an id."""

from summariser.linking.linked import Linked, LinkedCommitment, LinkedParty, LinkedReaction, LinkedRisk
from summariser.linking.linker import link

__all__ = ["Linked", "LinkedCommitment", "LinkedParty", "LinkedReaction", "LinkedRisk", "link"]
