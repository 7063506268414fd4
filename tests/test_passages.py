"""Long documents are read in passages, all of them, and said so."""

from itertools import pairwise

import pytest

from summariser import load_settings, summarise
from summariser.documents.document import Document
from summariser.errors import InputError
from summariser.extraction.passages import estimates, questions, room_for
from summariser.models.names import limits_of
from summariser.prompts import load
from summariser.testing import FakeModel
from tests.conftest import ROOT
from tests.loopback import Loopback, Received, Reply, answers

PARAGRAPHS = [
    f"Minister Number{n} met the farmers of Veld{n}. He praised their bread. It rained for {n} days." for n in range(40)
]
LONG = Document.from_text("Talks about bread\n\n" + "\n\n".join(PARAGRAPHS))


def asked_about(room: int | None) -> list[tuple[int, ...]]:
    """The sentence numbers of each question about the parties."""
    found = questions(load("sections@3"), LONG, room=room)
    return [tuple(s.number for s in q.sentences) for q in found if q.call.name == "parties"]


def test_a_text_that_fits_is_asked_about_whole():
    assert asked_about(None) == asked_about(100_000) == [tuple(s.number for s in LONG.content)]


@pytest.mark.parametrize("room", [200, 400, 900])
def test_every_sentence_stands_in_a_passage_and_each_passage_begins_with_the_end_of_the_one_before(room: int):
    passages = asked_about(room)
    assert len(passages) > 1
    assert sorted({n for passage in passages for n in passage}) == [s.number for s in LONG.content]
    assert all(second[:2] == first[-2:] for first, second in pairwise(passages))


def test_passages_end_with_paragraphs():
    ends = [passage[-1] for passage in asked_about(400)]
    assert all(end == 1 or LONG.sentences[end - 1].text.startswith("It rained") for end in ends)


def test_headline_and_overview_are_asked_for_once_at_the_end():
    found = questions(load("brief@1"), LONG, room=400)
    parts = [[fill.part for fill in question.call.fills] for question in found]
    assert parts[-1] == ["headline", "overview"]
    assert all(part == ["parties", "commitments", "reactions", "risks"] for part in parts[:-1])


def test_the_summary_has_the_items_of_all_passages_and_says_how_many_there_were():
    passages = asked_about(400)
    lists = [{"parties": [{"name": f"Number{(p[-1] - 2) // 3}", "kind": "person"}]} for p in passages]
    asked = FakeModel(*lists, {"headline": "Bread", "overview": "It rained."}, context_tokens=400 + 900 + 1500)
    summary = summarise(LONG, model=asked, prompt="sections@3")
    assert len(asked.requests) == len(passages) + 1
    names = {party.name for party in summary.parties}
    assert {f"Number{(p[-1] - 2) // 3}" for p in passages} <= names
    (said,) = [w.message for w in summary.warnings if w.code == "read_in_passages"]
    assert f"in {len(passages)} passages, all of it" in said
    last = asked.requests[-1]["messages"][-1]["content"]
    assert "He praised their bread" in last and len(last) < len(LONG.text)


def test_the_number_of_requests_is_that_of_the_questions_and_grows_with_the_text():
    prompt = load("sections@3")
    room = room_for(prompt, context_tokens=2800, passage_tokens=None)
    assert room == 400
    twice = Document.from_text(LONG.text + "\n\n" + "\n\n".join(PARAGRAPHS))
    once, double = (len(questions(prompt, document, room=room)) - 1 for document in (LONG, twice))
    assert 1.8 <= double / once <= 2.2


def test_a_passage_is_never_longer_than_the_model_or_the_settings_allow():
    prompt = load("sections@3")
    assert room_for(prompt, context_tokens=None, passage_tokens=None) is None
    assert room_for(prompt, context_tokens=None, passage_tokens=700) == 700
    assert room_for(prompt, context_tokens=100_000, passage_tokens=700) == 700


def test_a_sentence_that_fits_no_request_is_refused_before_any_call():
    asked = FakeModel(context_tokens=2800)
    with pytest.raises(InputError, match=r"has a sentence of about .* too long for openai/fake"):
        summarise("The minister said " + "that it rained and " * 400 + "left.", model=asked, prompt="sections@3")
    assert asked.requests == []


def test_a_text_of_ten_thousand_words_takes_as_many_requests_as_were_announced(monkeypatch: pytest.MonkeyPatch):
    articles = [path.read_text("utf-8") for path in sorted((ROOT / "evals" / "gold").glob("*/article.txt"))]
    document = Document.from_text("\n\n".join(articles))
    assert len(document.text.split()) > 10_000
    settings = load_settings(passage_tokens=3000)
    for name in ("sections@3", "brief@2"):
        prompt = load(name)
        announced = estimates(prompt, document, room=room_for(prompt, **limits_of("openai/x", settings)._asdict()))
        with Loopback(otherwise=Reply(body=b"")) as server:
            monkeypatch.setattr(server, "take", lambda request, server=server: emptily(server, request))
            settings = load_settings(passage_tokens=3000, base_url=server.url)
            summary = summarise(document, model="openai/x", prompt=name, settings=settings)
        assert (len(server.requests), summary.run.status) == (len(announced), "ok")
        assert len(announced) > 5


def emptily(server: Loopback, request: Received) -> Reply:
    """An answer that fits what was asked and says nothing."""
    server.requests.append(request)
    wanted = request.body["response_format"]["json_schema"]["schema"]["properties"]
    return answers({part: [] if schema["type"] == "array" else "x" for part, schema in wanted.items()})
