"""The words of a text: word lists, tokens, numbers, negation, names, states.

The stub beside this file lists what other packages use; each name is imported at its first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
