"""Renderings: what the source or a model wrote is shown, never interpreted."""

import io

from rich.console import Console

from summariser import summarise
from summariser.render.text import print_text
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT, changed, made


def text_of(summary: object, **options: object) -> str:
    out = io.StringIO()
    print_text(summary.view(), Console(file=out, width=100, highlight=False, **options))
    return out.getvalue()


def test_markup_of_a_model_is_text():
    asked = FakeModel(changed(headline="[bold]Treaty[/bold] <script>x</script> *a* `b`"))
    summary = summarise(TEXT, model=asked)
    assert "[bold]Treaty[/bold] <script>" in text_of(summary)
    assert r"\<script\>x\</script\> \*a\* \`b\`" in summary.to_markdown()


def test_a_terminal_gets_colour_and_a_file_none():
    assert "\x1b[" in text_of(made(), force_terminal=True, color_system="standard")
    assert "\x1b[" not in text_of(made())


def test_every_item_stands_in_both_renderings_with_its_sentence():
    summary = made()
    for shown in (text_of(summary), summary.to_markdown()):
        for item in summary.items:
            assert item.id in shown
    assert "[2] verbatim" in text_of(summary)


def test_nothing_found_is_said():
    asked = FakeModel({**ANSWER, "parties": [], "commitments": [], "reactions": [], "risks": []})
    assert "Nothing was found in this text." in text_of(summarise(TEXT, model=asked))


def test_general_warnings_are_shown():
    asked = FakeModel(changed(headline="Dorland"))
    assert "The headline says 'Dorland'" in text_of(summarise(TEXT, model=asked))
