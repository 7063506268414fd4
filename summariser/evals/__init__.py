"""The evaluation harness: gold labels, metric, runs of suites with recorded answers, statistics, gate and reports.

`summariser.evals.run.run` runs a Job and `summariser.evals.compare.compare` compares two runs.

The stub beside this file lists what others use; each name is imported at its first use, so that recordings can be used
without the libraries of the extra `evals`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
