"""What the embedded model said about the seed, replayed from the suite's recordings."""

from typing import NoReturn

from summariser.evals.recordings import Cassette, folder_of, folders_of_other_versions
from summariser.models.client import Model
from summariser.models.names import EMBEDDED
from tests.conftest import ROOT


def replaying() -> Model:
    """A Model that says what the embedded one said; a request that was not recorded fails the test."""

    def never() -> NoReturn:
        raise AssertionError("a replay asks nobody")

    recordings = ROOT / "evals" / "recordings"
    earlier = folders_of_other_versions(recordings, "sections@3", EMBEDDED, "seed")
    cassette = Cassette(folder_of(recordings, "sections@3", EMBEDDED) / "seed", "replay", earlier=earlier)
    return Model(name=EMBEDDED, transport=cassette.transport(EMBEDDED, 0, never), sampling={"temperature": 0.0})
