"""Following: who promised what to whom, over many summaries, with parties that are one over all documents.

The stub beside this file lists what other packages use; each name is imported at its first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
