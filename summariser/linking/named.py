"""Names without a Draft: find the party of the document that each of some names means."""

from collections.abc import Mapping

from summariser.documents import Document
from summariser.linking.linked import LinkedParty
from summariser.linking.party_registry import PartyRegistry
from summariser.schema import DraftParty
from summariser.text import clean


def parties_named(given: Mapping[str, DraftParty], document: Document) -> dict[str, LinkedParty]:
    """Return the party that each name means, with its other names in the document, by the name.

    Two names can mean one party, as "Belmar" and "Ana Belmar" do. A name that only a news outlet or a reporter has
    means no party here.

    Args:
        given: The parties by the names that are looked for; their kinds, aliases and affiliations are taken over.
        document: The document.
    """
    registry = PartyRegistry(document, lambda code, message, item: None)
    for party in given.values():
        registry.add_listed(party)
    registry.complete_names()
    registry.add_short_names(as_aliases=True)
    finished = {party.id: party for party in registry.finished()}
    entries = {name: registry.known(clean(party.name), ()) for name, party in given.items()}
    return {name: finished[registry.id_of(entry)] for name, entry in entries.items() if entry is not None}
