from .keys import key_of as key_of
from .store import Failure as Failure
from .store import Store as Store
from .store import opened_store as opened_store
