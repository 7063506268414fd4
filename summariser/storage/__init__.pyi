from .commitment_index import CommitmentEntry as CommitmentEntry
from .commitment_index import CommitmentIndex as CommitmentIndex
from .commitment_index import DocumentEntry as DocumentEntry
from .commitment_index import PartyEntry as PartyEntry
from .keys import key_of as key_of
from .store import Failure as Failure
from .store import Store as Store
from .store import opened_store as opened_store
