"""Linking: merge the names of a Draft into parties and replace every name in its items by a party's id."""

from summariser.linking.identity import Identity, identities
from summariser.linking.linked import Linked, LinkedItem, LinkedParty
from summariser.linking.linker import link
from summariser.linking.named import parties_named

__all__ = ["Identity", "Linked", "LinkedItem", "LinkedParty", "identities", "link", "parties_named"]
