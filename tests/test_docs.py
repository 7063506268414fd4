"""The documents: generated parts are current, links lead somewhere, and the commands shown exist."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from summariser.schema import WarningCode
from tests import docs
from tests.conftest import ROOT

WORDS = 1500
PAGES = docs.documents()
BY_NAME = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in PAGES}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
OUR_FILE = re.compile(r"(?:summariser|tests|docs|evals|prompts|seeds)/[\w./@-]+\.(?:py|md|toml|txt|tsv|yml|html|sql)")
WRITTEN_LATER = re.compile(r"article\.txt|annotator-|gold\.yaml|my-|<|…")
SUBCOMMAND = re.compile(r"[a-z][a-z-]*")

pytestmark = pytest.mark.skipif("README.md" not in BY_NAME, reason="the README is not part of the installed package")


@pytest.mark.parametrize(
    ("page", "part"),
    [(page, part) for page, text in BY_NAME.items() for part in docs.generated(text) if part not in docs.SLOW],
)
def test_a_generated_part_is_what_the_code_says_today(page: str, part: str):
    assert docs.with_parts(BY_NAME[page], [part]) == BY_NAME[page], "run python -m tests.docs"


def test_every_part_is_shown_somewhere():
    assert {part for text in BY_NAME.values() for part in docs.generated(text)} == docs.PARTS.keys()


def test_a_part_is_the_same_wherever_it_is_shown():
    """Which matters for the parts that no test makes again: one page with them is checked."""
    shown: dict[str, set[str]] = {}
    for text in BY_NAME.values():
        for block in re.findall(r"<!-- generated: \w+ -->\n.*?<!-- end -->", text, re.DOTALL):
            shown.setdefault(block.splitlines()[0], set()).add(block)
    assert [name for name, blocks in shown.items() if len(blocks) > 1] == []


def test_the_readme_is_short():
    assert len(BY_NAME["README.md"].split()) <= WORDS


@pytest.mark.parametrize("page", BY_NAME)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: str):
    for link in LINK.findall(FENCED.sub("", BY_NAME[page])):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), link


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", BY_NAME)
def test_every_file_of_the_project_that_is_named_exists(page: str):
    named = {name for name in OUR_FILE.findall(BY_NAME[page]) if not WRITTEN_LATER.search(name)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def command_lines(text: str) -> Iterator[str]:
    """Yield the command lines of a page that run this program, from blocks and from the running text."""
    for code in (*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))):
        for line in code.splitlines():
            for part in re.split(r"\s\|\s|&&|;|(?:^|\s)#\s", line.removeprefix("$ ")):
                command = re.sub(r"^(?:\.venv/bin/|\$\(BIN\)/|opentelemetry-instrument )", "", part.strip())
                if re.match(r"summariser (?!·)", command):
                    yield command


@pytest.mark.parametrize("page", BY_NAME)
def test_every_command_line_names_a_command_and_its_options(page: str):
    known = {name: docs.options_of(command, context) for name, command, context in docs.commands()}
    for line in command_lines(BY_NAME[page]):
        words = shlex.split(line, comments=True)
        name = words.pop(0)
        while words and f"{name} {words[0]}" in known:
            name = f"{name} {words.pop(0)}"
        group = any(other.startswith(f"{name} ") for other in known)
        assert not (group and words and SUBCOMMAND.fullmatch(words[0])), line
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert options <= known[name], line


@pytest.mark.parametrize("page", BY_NAME)
def test_every_make_target_exists(page: str):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = [*FENCED.findall(BY_NAME[page]), *INLINE.findall(FENCED.sub("", BY_NAME[page]))]
    named = {target for each in code for target in re.findall(r"(?:^|\n)make ([a-z-]+)", each)}
    assert named <= targets


def test_the_table_of_warnings_has_each_code_and_no_other():
    table = re.findall(r"^\| `([a-z_]+)` \|", BY_NAME["docs/checks.md"].partition("## Warnings")[2], re.MULTILINE)
    assert sorted(table) == sorted(WarningCode)


# ── the library's messages ───────────────────────────────────────────────────────────────────────


def sentences(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are sentences, without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings and " " in str(node.value).strip():
            yield str(node.value)


LIBRARY = [path for path in sorted((ROOT / "summariser").rglob("*.py")) if "cli" not in path.parts]


def test_no_message_of_the_library_names_an_option_of_the_command_line():
    options = set().union(*(docs.options_of(command, context) for _, command, context in docs.commands()))
    named = [
        (path.name, sentence)
        for path in LIBRARY
        for sentence in sentences(path)
        if options & set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", sentence))
    ]
    assert named == []


def test_every_command_that_the_library_names_exists():
    known = {name for name, _, _ in docs.commands()}
    named = [
        found for path in LIBRARY for text in sentences(path) for found in re.findall(r"'(summariser [a-z ]+)'", text)
    ]
    assert set(named) <= known
