from .openai_batch import MOST_BYTES as MOST_BYTES
from .openai_batch import MOST_REQUESTS as MOST_REQUESTS
from .openai_batch import PRICE as PRICE
from .openai_batch import Reply as Reply
from .openai_batch import State as State
from .openai_batch import line as line
from .openai_batch import spent_on as spent_on
from .openai_batch import unanswered as unanswered
