"""What a script without a type checker may pass: each wrong argument is one sentence, at the call."""

from pathlib import Path

import pytest

from summariser import ConfigurationError, InputError, SummariserError, asummarise, summarise, summarise_many
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT

ONE_SENTENCE = r"^[^.]+ [^\n]*\.$"
WRONG = [
    ({"settings": {"temperature": 0}}, ConfigurationError, "settings is of the type dict; pass what load_settings"),
    ({"settings": {}}, ConfigurationError, "settings is of the type dict"),
    ({"model": 7}, ConfigurationError, "model is of the type int; pass a name as str, or what open_model returns"),
    ({"prompt": Path("brief")}, ConfigurationError, "prompt is of the type PosixPath; pass name"),
    ({"listener": "print"}, ConfigurationError, "listener is of the type str; pass a function"),
]


@pytest.mark.parametrize(("arguments", "error", "says"), [*WRONG, ({"published": "today"}, InputError, "published is")])
def test_a_wrong_argument_of_summarise_is_one_sentence(arguments: dict, error: type[SummariserError], says: str):
    asked = FakeModel()
    with pytest.raises(error, match=ONE_SENTENCE) as caught:
        summarise(TEXT, **{"model": asked, **arguments})
    assert says in str(caught.value)
    assert asked.requests == []


def test_asummarise_refuses_the_same():
    import asyncio

    with pytest.raises(ConfigurationError, match="settings is of the type dict"):
        asyncio.run(asummarise(TEXT, model=FakeModel(), settings={"seed": 1}))  # type: ignore[arg-type]


def test_none_stands_for_the_default_of_each_argument():
    asked = FakeModel(ANSWER)
    assert summarise(TEXT, model=asked, prompt=None, published=None, settings=None).headline


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        *WRONG,
        ({"order": "size"}, ConfigurationError, "order is 'size'; choose one of completion, input."),
        ({"engine": "spark"}, ConfigurationError, "engine is 'spark'; choose one of local, openai-batch, ray."),
        ({"concurrency": 0}, ConfigurationError, "concurrency is 0; give a whole number of 1 or more."),
        ({"concurrency": "8"}, ConfigurationError, "concurrency is '8'; give a whole number"),
        ({"max_cost": -1}, ConfigurationError, "max_cost is -1; give a number of 0 or more."),
        ({"max_tokens": 1.5}, ConfigurationError, "max_tokens is 1.5; give a whole number"),
    ],
)
def test_a_wrong_argument_of_summarise_many_is_refused_at_the_call(
    arguments: dict, error: type[SummariserError], says: str
):
    with pytest.raises(error, match=ONE_SENTENCE) as caught:
        summarise_many([TEXT], **{"model": FakeModel(), **arguments})
    assert says in str(caught.value)


@pytest.mark.parametrize("sources", [TEXT, b"bytes", Path("a.txt"), None, 7])
def test_sources_that_are_no_list_are_refused_at_the_call(sources: object):
    with pytest.raises(InputError, match=r"sources is of the type .* pass a list"):
        summarise_many(sources, model=FakeModel())  # type: ignore[arg-type]  # what a script may do


def test_one_source_of_a_wrong_type_is_its_own_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    asked = FakeModel(ANSWER)
    results = list(summarise_many([b"bytes", "a.txt", TEXT], model=asked, order="input"))  # type: ignore[list-item]
    assert [type(result.error) for result in results] == [InputError, InputError, type(None)]
