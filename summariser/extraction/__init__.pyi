from .extract import Extraction as Extraction
from .extract import ask as ask
from .passages import Estimate as Estimate
from .passages import estimates as estimates
from .passages import room_for as room_for
