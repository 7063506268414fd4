"""The reader's page: one file that asks for nothing, whose every text is text; looked at in a browser as well."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from summariser import Summary, summarise
from summariser.documents import Document
from summariser.errors import InputError
from summariser.testing import FakeModel
from tests.test_pipeline import ANSWER, TEXT, changed, made

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = (
    '<img src=x onerror="document.title=1"><script>document.title="run"</script>{{ 7*7 }}</title>'
    '<a href="javascript:1">'
)


class Page(HTMLParser):
    """The elements of a page: (tag, attributes), and its text by element id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(summary: Summary) -> Page:
    return Page(summary.to_html())


def hostile() -> Summary:
    text = TEXT.replace("Dockers fear", f"{HOSTILE} Dockers fear")
    parties = [{**each, "name": each["name"].replace("Arlen", f"Arlen {HOSTILE}")} for each in ANSWER["parties"]]
    asked = changed(headline=HOSTILE, overview=HOSTILE, parties=parties)
    return summarise(text, model=FakeModel(asked))


def test_the_article_stands_beside_the_items_with_every_sentence_and_its_number():
    page = page_of(made())
    numbers = [span["data-n"] for span in page.all("span") if span.get("data-n")]
    assert numbers == ["1", "2", "3", "4"]
    assert " ".join(TEXT.split()) in " ".join(page.text.split())


def test_each_item_links_to_its_sentences_and_its_words_link_back():
    summary, page = made(), page_of(made())
    ids = {attributes.get("id") for _, attributes in page.elements}
    links = {attributes.get("href") for attributes in page.all("a")}
    for claim in summary.claims:
        assert claim.id in ids
        assert {f"#s{number}" for number in claim.sentences} <= links
    cited = {id for a in page.all("a") for id in (a.get("data-items") or "").split()}
    assert cited == {claim.id for claim in summary.claims}
    assert {link[1:] for link in links if link} <= ids


def test_sentences_that_no_item_cites_are_marked():
    summary = summarise(TEXT, model=FakeModel(changed(reactions=[], risks=[])))
    kinds = {
        span["data-n"]: str(span["class"]).split()[-1] for span in page_of(summary).all("span") if span.get("data-n")
    }
    assert kinds == {"1": "uncited", "2": "cited", "3": "uncited", "4": "uncited"}


def test_the_page_loads_nothing_and_its_policy_allows_its_own_script_and_style_alone():
    shown = made().to_html()
    page = Page(shown)
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?!#)""", shown)
    (policy,) = (m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none';")
    for tag in ("script", "style"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", shown, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not any("style" in attributes or "onclick" in attributes for _, attributes in page.elements)


def test_what_a_text_or_a_model_wrote_is_text():
    page = page_of(hostile())
    assert not page.all("img")
    assert len(page.all("script")) == 1
    assert "{{ 7*7 }}" in page.text
    assert not any((a.get("href") or "#").startswith("javascript") for a in page.all("a"))
    assert HOSTILE in page.text


def test_a_summary_from_a_file_shows_the_cited_passages_and_says_that_the_article_is_missing():
    read = Summary.model_validate_json(made().to_json())
    page = page_of(read)
    assert "The article is not at hand" in page.text
    assert all(claim.evidence[0].text in " ".join(page.text.split()) for claim in read.claims)
    assert page_of(read.with_source(Document.from_text(TEXT))).text.count("Harbour treaty signed") >= 1


def test_another_text_is_refused():
    with pytest.raises(InputError, match="made from another text"):
        made().to_html(Document.from_text("Another text about something else."))


def test_the_text_of_a_summary_is_no_part_of_its_json_or_of_its_equality():
    summary = made()
    read = Summary.model_validate_json(summary.to_json())
    assert summary.source is not None and read.source is None
    assert read == summary


def test_a_notebook_shows_the_page_in_a_frame_that_can_reach_nothing():
    (frame,) = Page(made()._repr_html_()).all("iframe")
    assert frame["sandbox"] == "allow-scripts"
    assert str(frame["srcdoc"]).startswith("<!doctype html>")


# ── in a browser ─────────────────────────────────────────────────────────────────────────────────

SCRIPT = """
<script>
addEventListener("load", () => {
  const key = (name) => document.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true}));
  const lit = () => [...document.querySelectorAll(".lit")].map((e) => e.id || e.dataset.items);
  const seen = {};
  const point = (to) => document.querySelector(to).dispatchEvent(new MouseEvent("mouseenter"));
  key("j"); seen.first = lit();
  point(".item:last-child"); seen.resting = lit();
  key("j"); seen.second = lit();
  key("k"); seen.back = lit();
  key("Escape"); seen.none = lit();
  document.body.dispatchEvent(new MouseEvent("mousemove", {bubbles: true, movementX: 3}));
  point("[data-items]"); seen.words = lit();
  const kind = document.getElementById("by-kind"); kind.value = "risk";
  kind.dispatchEvent(new Event("change", {bubbles: true}));
  seen.filtered = [...document.querySelectorAll(".item")].filter((e) => !e.hidden).map((e) => e.id);
  dispatchEvent(new Event("beforeprint"));
  seen.notes = [...document.querySelectorAll(".footnotes li")].map((e) => e.textContent);
  dispatchEvent(new Event("afterprint"));
  seen.left = document.querySelectorAll(".footnotes li, .line .note").length;
  seen.width = [document.documentElement.scrollWidth, innerWidth];
  document.body.dataset.seen = JSON.stringify(seen);
});
</script>"""


def in_browser(page: str, folder: Path, *, width: int = 1400, script: str = "") -> str:
    """Return the document of a page after its scripts have run; `script` is added without the page's policy."""
    file = folder / "page.html"
    if script:
        page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(
            "</body>", f"{script}</body>"
        )
    file.write_text(page, "utf-8")
    assert CHROMIUM is not None
    ran = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--dump-dom", file.as_uri(),
        ],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    return ran.stdout.decode()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("width", [1400, 800, 500])
def test_in_a_browser_keys_and_pointer_light_up_items_and_words(tmp_path: Path, width: int):
    summary = made()
    shown = in_browser(summary.to_html(), tmp_path, width=width, script=SCRIPT)
    (data,) = re.findall(r'data-seen="([^"]*)"', shown)
    seen = json.loads(data.replace("&quot;", '"'))
    first = summary.commitments[0].id
    assert first in seen["first"] and len(seen["first"]) > 1
    assert seen["resting"] == seen["first"]  # the page moved under the mouse, which did not
    assert first not in seen["second"]
    assert (seen["back"], seen["none"]) == (seen["first"], [])
    assert first in seen["words"]
    assert seen["filtered"] == [risk.id for risk in summary.risks]
    assert seen["notes"] == [f"[4] “{summary.risks[0].evidence[0].text}”"]  # of the items that the filter shows
    assert seen["left"] == 0
    assert seen["width"][0] <= seen["width"][1]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_in_a_browser_a_hostile_article_runs_nothing_and_the_page_works_under_its_policy(tmp_path: Path):
    shown = in_browser(hostile().to_html(), tmp_path)
    title = re.findall(r"<title>(.*?)</title>", shown, re.DOTALL)[0]
    assert title.startswith("&lt;img")
    assert re.search(r'<form class="filters"[^>]*>', shown)
    assert not re.search(r'<form class="filters" hidden', shown)  # the page's own script ran
