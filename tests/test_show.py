"""summariser show, and batches as pages: a summary that was made is rendered again, without asking anybody."""

from pathlib import Path

import pytest

from summariser import summarise
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def summary_file(article: Path) -> Path:
    summary = summarise(article, model=FakeModel(ANSWER))
    path = article.with_suffix(".json")
    path.write_text(summary.to_json(), "utf-8")
    return path
