"""Prompts: what is released never changes; the article is only ever a value."""

import json
import shutil
from pathlib import Path

import pytest

from summariser import prompts
from summariser.documents.document import Document
from summariser.errors import ConfigurationError
from summariser.extraction.passages import questions
from summariser.prompts import Library


@pytest.fixture
def own(tmp_path: Path) -> Library:
    """A copy of the released prompts that a test may spoil."""
    shutil.copytree(prompts.library().folder, tmp_path / "prompts")
    return Library(tmp_path / "prompts")


def test_no_released_prompt_has_changed():
    assert prompts.library().altered() == []


def test_every_prompt_is_released():
    library = prompts.library()
    assert sorted(library.locked()) == sorted(f"{name}@{version}" for name, version in library.ids())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("brief", "brief@3"), ("brief@1", "brief@1"), ("sections", "sections@3"), ("sections@1", "sections@1")],
)
def test_a_prompt_is_found_by_name_or_version(wanted, found):
    assert prompts.load(wanted).id == found


@pytest.mark.parametrize("wanted", ["none", "brief@9", "brief@x", "../brief"])
def test_an_unknown_prompt_names_those_that_exist(wanted):
    with pytest.raises(
        ConfigurationError, match="choose one of brief@1, brief@2, brief@3, sections@1, sections@2, sections@3"
    ):
        prompts.load(wanted)


def test_a_changed_release_is_noticed_and_never_locked_again(own: Library):
    path = own.path("brief", 1)
    path.write_text(path.read_text("utf-8").replace("Leave out", "Leave  out"), "utf-8")
    assert own.altered() == ["brief@1"]
    before = (own.folder / prompts.LOCK).read_text("utf-8")
    with pytest.raises(ConfigurationError, match="Released prompts never change, but brief@1 did"):
        own.lock()
    assert (own.folder / prompts.LOCK).read_text("utf-8") == before


def test_a_removed_release_is_noticed(own: Library):
    own.path("brief", 1).unlink()
    assert own.altered() == ["brief@1"]


def test_line_ends_do_not_change_a_digest(own: Library):
    path = own.path("brief", 1)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert own.altered() == []


def test_a_new_version_is_locked_once(own: Library):
    text = own.path("brief", 1).read_text("utf-8").replace("version = 1", "version = 9")
    own.path("brief", 9).write_text(text, "utf-8")
    assert own.lock() == ["brief@9"]
    assert own.lock() == []
    assert own.load("brief").id == "brief@9"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('part = "overview"', 'part = "headline"', "exactly once"),
        ('"risk", "raised_by"', '"harm", "raised_by"', "unknown"),
        ("version = 1", "version = 0", "greater than 0"),
        ('name = "brief"', "name = brief", "not valid TOML"),
        ("changes =", "chnages =", "malformed"),
    ],
)
def test_a_malformed_prompt_is_one_sentence(own: Library, old, new, complaint):
    path = own.path("brief", 1)
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError, match=complaint):
        prompts.load(str(path))


def test_an_undefined_variable_is_one_sentence(own: Library, seed: Document):
    path = own.path("brief", 1)
    text = path.read_text("utf-8").replace("version = 1", "version = 9", 1)
    path.write_text(text.replace("{{ article }}", "{{ artikel }}"), "utf-8")
    prompt = prompts.load(str(path))
    with pytest.raises(ConfigurationError, match="wrong template"):
        prompt.render(prompt.calls[0], seed, seed.content)


@pytest.mark.parametrize(
    "words", ["{{7*7}}", "{% for x in y %}", "{% endraw %}", "</article>", "{{ self.__class__ }}", "{# gone #}"]
)
def test_template_syntax_in_the_article_stays_text(words):
    document = Document.from_text(f"The minister said: {words} and left the room.")
    for name in ("brief", "sections"):
        prompt = prompts.load(name)
        for question in questions(prompt, document):
            message = prompt.render(question.call, document, question.sentences, question.focus)[-1]
            assert words in message.content


def test_boilerplate_is_not_sent(seed: Document):
    prompt = prompts.load("brief")
    sent = prompt.render(prompt.calls[0], seed, seed.content)[-1].content
    assert "KORMILITSYNA" not in sent
    assert "Stella Kim" not in sent
    assert "[3] Kim Jong Un" in sent


def test_brief_asks_once_and_sections_five_times_over_one_prefix(seed: Document):
    assert len(questions(prompts.load("brief"), seed)) == 1
    sections = prompts.load("sections@1")
    sent = [sections.render(q.call, seed, q.sentences, q.focus) for q in questions(sections, seed)]
    assert len(sent) == 5
    opening = sent[0][1].content.index("Task:")
    assert {messages[1].content[:opening] for messages in sent} == {sent[0][1].content[:opening]}
    assert len({messages[0].content for messages in sent}) == 1


def test_more_sentences_in_focus_than_fit_are_asked_for_in_several_questions():
    text = "\n\n".join(f"Minister Number{n} said that the plan is wrong." for n in range(60))
    document = Document.from_text(text)
    asked = [q for q in questions(prompts.load("sections@1"), document) if q.call.name == "reactions"]
    assert [len(q.focus) for q in asked] == [24, 24, 12]


def test_the_lock_file_names_every_digest_in_full():
    assert all(len(digest) == 64 and int(digest, 16) for digest in prompts.library().locked().values())


def test_a_prompt_can_be_dumped():
    assert json.loads(prompts.load("brief").model_dump_json())["name"] == "brief"


def test_the_prompt_of_a_step_is_not_one_for_a_whole_summary_and_the_other_way_round():
    assert prompts.library().load_step("translation").id == "translation@1"
    with pytest.raises(ConfigurationError, match="translation@1 is the prompt of a postprocessing step"):
        prompts.load("translation")
    with pytest.raises(ConfigurationError, match="brief@3 is a prompt for a whole summary"):
        prompts.library().load_step("brief")


@pytest.mark.parametrize(("name", "old"), [("sections", 2), ("brief", 1)])
def test_of_an_english_report_the_newest_versions_ask_what_the_one_before_asked(name: str, old: int):
    english = Document.from_text(
        "Veld signed a treaty with Nordheim on Monday. It was welcomed by both of their unions."
    )
    french = Document.from_text("La Région a signé un accord avec la mairie lundi. Le syndicat a salué cet accord.")
    before, now = prompts.load(f"{name}@{old}"), prompts.load(f"{name}@{old + 1}")
    for earlier, later in zip(before.calls, now.calls, strict=True):
        assert earlier.fills == later.fills
        assert before.render(earlier, english, english.sentences) == now.render(later, english, english.sentences)
    last = now.render(now.calls[-1], french, french.sentences)[-1].content
    assert last.endswith("in French.")
