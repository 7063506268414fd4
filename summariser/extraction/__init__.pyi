from .extract import Extraction as Extraction
from .extract import ask as ask
from .extract import not_looked_for as not_looked_for
from .passages import Estimate as Estimate
from .passages import estimates as estimates
from .passages import room_for as room_for
