from .weights import QWEN as QWEN
from .weights import cached as cached
from .weights import pull as pull
