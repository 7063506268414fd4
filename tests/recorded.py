"""What the embedded model said about the seed, replayed from the suite's recordings."""

from typing import NoReturn

from summariser.evals.recordings import Tape, folder_of
from summariser.models.door import Model
from summariser.models.naming import EMBEDDED
from tests.conftest import ROOT


def replaying() -> Model:
    """A Model that says what the embedded one said; a request that was not recorded fails the test."""

    def never() -> NoReturn:
        raise AssertionError("a replay asks nobody")

    tape = Tape(folder_of(ROOT / "evals" / "recordings", "sections@2", EMBEDDED) / "seed", "replay")
    return Model(name=EMBEDDED, transport=tape.transport(EMBEDDED, 0, never), sampling={"temperature": 0.0})
