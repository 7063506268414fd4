"""What servers do and the program does: the table of docs/servers.md, each row tried over a real connection."""

import pytest

from summariser import ModelError, load_settings, summarise
from summariser.errors import code_of
from summariser.models.opening import open_model
from tests.conftest import ROOT
from tests.loopback import Time
from tests.servers import BEHAVIOURS, Behaviour, Server, tables

KEY = "sk-test-00000000"
TOLD = {"answer_repaired", "item_dropped", "answer_cut_off", "read_in_part", "read_in_passages", "answer_incomplete"}


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.server[:50])
def test_the_program_does_what_the_page_says(behaviour: Behaviour) -> None:
    with Server(behaviour.act) as server:
        url = server.url.removesuffix("/v1") + (behaviour.path or "/v1")
        settings = load_settings(base_url=url, api_key=KEY)
        with open_model("openai/x", settings) as opened:
            model = Time().rules(opened)
            try:
                summary = summarise(behaviour.text, model=model, settings=settings)
            except ModelError as error:
                assert code_of(error) == behaviour.outcome
            else:
                assert summary.run.status == behaviour.outcome, summary.warnings
                assert summary.commitments and summary.parties
                codes = {w.code for w in summary.warnings} & TOLD
                assert codes - {"answer_incomplete"} == {behaviour.warning} - {""}
                assert ("answer_incomplete" in codes) == (behaviour.outcome == "truncated")
    assert len(server.requests) == behaviour.requests


def test_the_page_holds_the_table_as_it_is_tried() -> None:
    page = (ROOT / "docs" / "servers.md").read_text("utf-8")
    assert (
        page.partition("## Where the answer stands")[2]
        == "\n".join(tables()).partition("## Where the answer stands")[2]
    )


def test_azure_gets_the_key_in_its_own_header_and_the_query_at_the_end() -> None:
    (behaviour,) = [each for each in BEHAVIOURS if "api-version" in each.path]
    with Server(behaviour.act) as server:
        settings = load_settings(base_url=server.url.removesuffix("/v1") + behaviour.path, api_key=KEY)
        summarise(behaviour.text, model="openai/x", settings=settings)
    request = server.requests[0]
    assert request.path == "/openai/deployments/mine/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == KEY


def test_what_was_learned_is_remembered_within_a_run_and_in_the_store(tmp_path) -> None:
    (behaviour,) = [each for each in BEHAVIOURS if each.server.startswith("allows fewer tokens for an answer")]
    with Server(behaviour.act) as server:
        for n in range(3):
            settings = load_settings(base_url=server.url, api_key=KEY, store=tmp_path / "store.sqlite")
            summarise(f"{behaviour.text} It was day {n}.", model="openai/x", settings=settings)
    assert [body["max_tokens"] for body in server.bodies] == [6000, 4096, 4096, 4096]
