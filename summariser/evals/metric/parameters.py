"""The version and the numbers of the metric; METRIC.md explains them.

A change of a number or a rule requires a new VERSION, and new baselines.
"""

VERSION = 1

EVIDENCE, WORDING, ACTOR = 0.5, 0.35, 0.15  # weights of the similarity of two claims
WORDING_ALONE = 0.6  # wording similarity that two claims without a common sentence need
THRESHOLD = 0.35  # least similarity of a match
SAME_TEXT = 0.5  # content-word F1 from which a condition, deadline, quote or target means the same
CARRIED = 0.5  # share of a right wording's content words from which a prediction carries it
SAME_CLAIM = 0.8  # content-word F1 from which two predictions of one gold item are duplicates
