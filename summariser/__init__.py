"""Turn a report into parties, commitments, reactions and risks that a reader can check.

The stub beside this file lists the public names; each is imported at its first use, so that `--help` costs little.
"""

import lazy_loader

from summariser.version import VERSION

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = VERSION
