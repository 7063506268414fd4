"""Linking: names become parties; aliases are merged, namesakes kept apart, and every reference becomes an id."""

from summariser.linking.linked import Linked, LinkedItem, LinkedParty
from summariser.linking.linker import link

__all__ = ["Linked", "LinkedItem", "LinkedParty", "link"]
