"""The embedded model for real, on the seed: `make live`. Slow, and fetches 1.1 GB the first time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx2
import jsonschema
import pytest

from summariser import events, load_settings
from summariser.documents.readers import read
from summariser.models.local.server import LocalServer
from summariser.models.local.weights import find_weights
from summariser.models.names import EMBEDDED
from summariser.schema import Summary, summary_json_schema
from tests.conftest import SEED

pytestmark = pytest.mark.live


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch):
    """The user's own cache, so that the weights are fetched once."""
    monkeypatch.delenv("SUMMARISER_CACHE_DIR")
    return load_settings()


def test_the_seed_is_summarised_from_end_to_end(tmp_path: Path):
    environment = {k: v for k, v in os.environ.items() if k != "SUMMARISER_CACHE_DIR"}
    command = [sys.executable, "-m", "summariser", "summarise", str(SEED), "--verbose", "--model", EMBEDDED]
    result = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    data = json.loads(result.stdout)
    jsonschema.Draft202012Validator(summary_json_schema()).validate(data)
    summary = Summary.model_validate(data)
    summary.check(read(SEED).text)
    names = [party.name for party in summary.parties]
    assert {"Kim Jong Un", "Vladimir Putin", "North Korea", "Russia"} <= set(names)
    assert len(names) == len(set(names))
    assert any(4 in e.sentences for c in summary.commitments for e in c.evidence)
    assert len({r.by for r in summary.reactions if r.by}) >= 3
    assert len(summary.risks) >= 3
    assert summary.run.status == "ok"
    print(f"\n{summary.run.seconds:.0f} s, {summary.run.output_tokens} tokens written", file=sys.stderr)


def test_the_server_wants_its_key_and_listens_on_loopback_alone(settings):
    weights = find_weights(EMBEDDED.partition("/")[2], settings)
    server = LocalServer.start(weights, alias="x", context_tokens=2048, threads=None, listener=events.ignore)
    try:
        assert server.address.startswith("http://127.0.0.1:")
        question = {"messages": [{"role": "user", "content": "Say yes."}], "max_tokens": 1}
        keys = ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {server.key}"})
        url = f"{server.address}/v1/chat/completions"
        assert [httpx2.post(url, json=question, headers=key, timeout=60).status_code for key in keys] == [401, 401, 200]
    finally:
        server.stop()
