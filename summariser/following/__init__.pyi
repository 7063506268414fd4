from .query import Answer as Answer
from .query import FollowedCommitment as FollowedCommitment
from .query import Query as Query
from .query import commitments as commitments
from .query import commitments_in as commitments_in
