"""The generated parts of the documents: `python -m tests.docs` writes them into README.md and docs/.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import ast
import importlib
import importlib.util
import inspect
import io
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import typer
from pydantic import BaseModel
from rich.console import Console

import summariser
from summariser.cli.app import app
from summariser.errors import Exit, SummariserError
from summariser.models.names import EMBEDDED
from summariser.settings import DESTINATIONS, Settings
from tests.conftest import ROOT, SEED

LARGE = "openai/claude"
_WIDTH = 100
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SECTION = re.compile(r"^(Args|Returns|Yields|Raises|Attributes):\n((?:(?:[ \t].*)?(?:\n|\Z))+)", re.MULTILINE)
_TITLES = {"Args": "Arguments"}


def documents() -> list[Path]:
    """Return the Markdown files that are meant to be read."""
    folders = [ROOT.glob("*.md"), (ROOT / "docs").glob("*.md"), (ROOT / "evals").glob("*.md")]
    return sorted(path for paths in folders for path in paths)


def generated(text: str) -> list[str]:
    """Return the names of the generated parts of a document."""
    return [name for _, name, _ in _BLOCK.findall(text)]


def with_parts(text: str, names: list[str]) -> str:
    """Return a document with these generated parts written again."""
    return _BLOCK.sub(lambda m: f"{m[1]}{PARTS[m[2]]()}\n{m[3]}" if m[2] in names else m[0], text)


# ── the command line ─────────────────────────────────────────────────────────────────────────────


def commands() -> Iterator[tuple[str, Any, Any]]:
    """Yield every command as its full name, the command and its context, groups before their commands."""
    root = typer.main.get_command(app)
    yield from _commands(root, root.context_class(root, info_name="summariser"))


def _commands(command: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    yield context.command_path, command, context
    for name, sub in getattr(command, "commands", {}).items():
        yield from _commands(sub, sub.context_class(sub, info_name=name, parent=context))


def options_of(command: Any, context: Any) -> set[str]:
    """Return the options of a command, such as --output and -o."""
    return {name for p in command.get_params(context) for name in (*p.opts, *p.secondary_opts) if name[0] == "-"}


def cli() -> str:
    """Return every command with its help, arguments and options."""
    return "\n\n".join(_command(name, command, context) for name, command, context in commands())


def _command(name: str, command: Any, context: Any) -> str:
    usage = command.get_usage(context).removeprefix("Usage: ")
    usage = re.sub(r"\{(\S+?)(?:\.\.\.)?\}(\.\.\.)?", r"\1\2", usage)
    parts = [f"## {name}", f"```text\n{usage}\n```", _prose(command.help)]
    groups = getattr(command, "commands", None)
    if groups:
        rows = [
            f"| [`{name} {sub}`](#{name.replace(' ', '-')}-{sub}) | {_first(c.help)} |" for sub, c in groups.items()
        ]
        parts.append("\n".join(["| command | purpose |", "|---|---|", *rows]))
    shown = [p for p in command.get_params(context) if "--help" not in p.opts]
    if shown:
        rows = [f"| {_cell(*p.get_help_record(context))} |" for p in shown]
        parts.append("\n".join(["| argument or option | meaning |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _cell(name: str, told: str) -> str:
    name = name.replace(" range>", ">").replace("|", "\\|")
    told = " ".join(told.split()).replace("|", "\\|")
    return f"`{name}` | {told}"


# ── the settings ─────────────────────────────────────────────────────────────────────────────────


def settings() -> str:
    """Return the table of all settings."""
    rows = ["| setting | type | default | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{_value(field.default)}`"
        star = " \\*" if name in DESTINATIONS else ""
        rows.append(f"| `{name}`{star} | {_plain_type(field.annotation)} | {default} | {field.description} |")
    return "\n".join(rows)


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _plain_type(annotation: Any) -> str:
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    names = {"str": "text", "SecretStr": "text", "Path": "path", "bool": "true or false", "int": "whole number"}
    return names.get(kinds[0].__name__, "number")


# ── the API ──────────────────────────────────────────────────────────────────────────────────────


def api() -> str:
    """Return the public functions, classes and errors with their signatures and docstrings."""
    public = {name: getattr(summariser, name) for name in summariser.__all__ if name != "__version__"}
    found = {name: value for name, value in public.items() if not inspect.ismodule(value)}
    names = list(found)
    errors = [name for name in names if isinstance(found[name], type) and issubclass(found[name], SummariserError)]
    classes = [name for name in names if isinstance(found[name], type) and name not in errors]
    parts = ["## Functions", *(_function(name, found[name]) for name in names if name not in (*errors, *classes))]
    parts += ["## Classes", *(_class(name, found[name]) for name in classes)]
    parts += [
        _class(each.__name__.strip("_"), each) for each in _nested(summariser.Summary) if each.__name__ not in names
    ]
    parts += ["## Errors", _errors()]
    for module in ("summariser.events", "summariser.testing"):
        if importlib.util.find_spec(module):
            parts += _module(module)
    return "\n\n".join(parts)


def _module(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    yield f"## {name}"
    yield _prose(module.__doc__)
    for each, value in vars(module).items():
        if not each.startswith("_") and getattr(value, "__module__", "") == name:
            yield _class(each, value) if isinstance(value, type) else _function(each, value)


def _nested(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Return the models that the fields of a model are made of, at any depth."""
    found: dict[type[BaseModel], None] = {}
    waiting = [field.annotation for field in model.model_fields.values()]
    while waiting:
        each: Any = waiting.pop(0)
        waiting += get_args(each)
        if isinstance(each, type) and not get_args(each) and issubclass(each, BaseModel) and each not in found:
            found[each] = None
            waiting += [field.annotation for field in each.model_fields.values()]
    return list(found)


def _errors() -> str:
    tree = (inspect.getdoc(importlib.import_module("summariser.errors")) or "").partition("\n\n")[2]
    codes = ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in Exit)
    return f"Each error has the exit code of the command line ({codes}).\n\n```text\n{tree}\n```"


def _function(name: str, value: Any, *, level: str = "###") -> str:
    return (
        f"{level} {name}\n\n```python\n{_signature(name, value, _node(value))}\n```\n\n{_prose(inspect.getdoc(value))}"
    )


def _class(name: str, value: type) -> str:
    parts = [f"### {name}", _prose(inspect.getdoc(value))]
    fields = list(_fields(value))
    if fields:
        parts.append("\n".join(["| field | type | default |", "|---|---|---|", *fields]))
    for member, node in _members(value):
        told = _prose(ast.get_docstring(node))
        if any(isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list):
            returns = f": `{_type(node.returns)}`" if node.returns else ""
            parts.append(f"**`{name}.{member}`**{returns}\n\n{told}")
        else:
            signature = _signature(f"{name}.{member}", getattr(value, member), node)
            parts.append(f"```python\n{signature}\n```\n\n{told}")
    return "\n\n".join(part for part in parts if part)


def _own(value: type) -> list[type]:
    """Return the classes of this project that a class is made of, the most basic first."""
    return [each for each in reversed(value.__mro__) if each.__module__.partition(".")[0] == "summariser"]


def _fields(value: type) -> Iterator[str]:
    if value is Settings:
        yield "| the settings of [settings.md](settings.md) | | |"
        return
    seen: dict[str, ast.AnnAssign] = {}
    for owner in _own(value):
        for node in _node(owner).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                seen[node.target.id] = node
    for name, node in seen.items():
        if name.startswith("_") or _type(node.annotation).startswith("ClassVar"):
            continue
        yield f"| `{name}` | {_type_cell(value, name, node)} | {_default(node.value)} |"


def _type_cell(owner: type, name: str, node: ast.AnnAssign) -> str:
    closed = owner.model_fields[name].annotation if issubclass(owner, BaseModel) else None
    if get_origin(closed) is Literal:
        return ", ".join(f"`{each}`" for each in get_args(closed))
    return f"`{_type(node.annotation)}`".replace("|", "\\|")


def _default(node: ast.expr | None) -> str:
    if node is None:
        return "required"
    if isinstance(node, ast.Call):  # field(default=…), field(default_factory=…) or Field(title=…)
        given = {each.arg: each.value for each in node.keywords}
        if "default" in given:
            return f"`{ast.unparse(given['default'])}`"
        return "" if "default_factory" in given else "required"
    return f"`{ast.unparse(node)}`"


def _members(value: type) -> Iterator[tuple[str, ast.FunctionDef]]:
    found: dict[str, ast.FunctionDef] = {}
    for owner in _own(value):
        if not issubclass(owner, Exception):
            found |= {each.name: each for each in _node(owner).body if isinstance(each, ast.FunctionDef)}
    public = {name: node for name, node in found.items() if not name.startswith("_") and ast.get_docstring(node)}
    checks = ("field_validator", "model_validator", "settings_customise_sources")
    for name, node in public.items():
        if (
            not any(check in ast.unparse(each) for each in node.decorator_list for check in checks)
            and name not in checks
        ):
            yield name, node


def _node(value: Any) -> Any:
    """Return the syntax tree of a function or class."""
    return ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]


def _signature(name: str, value: Any, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return a signature as the source has it, with a line for each parameter if it is long."""
    known = getattr(inspect.unwrap(value), "__globals__", {}) if callable(value) else {}
    parameters = [each for each in _parameters(node.args, known) if each not in ("self", "cls")]
    returns = f" -> {_type(node.returns, known)}" if node.returns else ""
    start = f"{'async ' if isinstance(node, ast.AsyncFunctionDef) else ''}{name}("
    line = f"{start}{', '.join(parameters)}){returns}"
    return line if len(line) <= _WIDTH else start + "".join(f"\n    {each}," for each in parameters) + f"\n){returns}"


def _parameters(given: ast.arguments, known: dict[str, Any]) -> Iterator[str]:
    places = [*given.posonlyargs, *given.args]
    for each, default in zip(places, [None] * (len(places) - len(given.defaults)) + [*given.defaults], strict=True):
        yield _parameter(each, default, known)
    if given.vararg:
        yield f"*{_parameter(given.vararg, None, known)}"
    elif given.kwonlyargs:
        yield "*"
    for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield _parameter(each, default, known)
    if given.kwarg:
        yield f"**{_parameter(given.kwarg, None, known)}"


def _parameter(given: ast.arg, default: ast.expr | None, known: dict[str, Any]) -> str:
    annotation = f": {_type(given.annotation, known)}" if given.annotation else ""
    return f"{given.arg}{annotation}{f' = {ast.unparse(default)}' if default else ''}"


def _type(node: ast.expr, known: dict[str, Any] | None = None) -> str:
    """Return an annotation without the quotation marks of a forward reference, its aliases written out."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)
    return re.sub(r"\b[A-Z]\w+", lambda found: _written_out(found[0], (known or {}).get(found[0])), text)


def _written_out(name: str, value: Any) -> str:
    if get_origin(value) is Literal:
        return f"Literal[{', '.join(map(repr, get_args(value)))}]"
    return " | ".join(each.__name__ for each in get_args(value)) if isinstance(value, UnionType) else name


def _prose(docstring: str | None) -> str:
    """Return a docstring as Markdown: paragraphs without line breaks, sections as lists."""
    text = _SECTION.sub(_list, inspect.cleandoc(docstring or "") + "\n")
    blocks = [block.strip("\n") for block in re.split(r"\n{2,}", text) if block.strip()]
    return "\n\n".join(block if block.startswith(("- ", "**")) else " ".join(block.split()) for block in blocks)


def _list(section: re.Match[str]) -> str:
    entries = [
        " ".join(each.split()) for each in re.split(r"^    (?=\S)", section[2], flags=re.MULTILINE) if each.strip()
    ]
    named = [re.sub(r"^(\*{0,2}\w+)(?: \(.*?\))?: ", r"`\1`: ", each) for each in entries]
    return f"\n**{_TITLES.get(section[1], section[1])}**\n\n" + "\n".join(f"- {each}" for each in named) + "\n\n"


def _first(docstring: str | None) -> str:
    return _prose(docstring).partition("\n")[0]


# ── the example ──────────────────────────────────────────────────────────────────────────────────


def example() -> str:
    """Return the seed's summary as text, from the recorded answers of the embedded model."""
    from summariser import summarise
    from summariser.cli.formats import HINT
    from summariser.render.text import print_text
    from tests.recorded import replaying

    summary = summarise(SEED, model=replaying(), prompt="sections@3")
    source = str(Path("seeds") / SEED.name)
    named = summary.model_copy(update={"document": summary.document.model_copy(update={"source": source})})
    out = io.StringIO()
    print_text(named.view(), Console(file=out, width=_WIDTH, highlight=False), hint=HINT)
    body, _, closing = "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rpartition("\nsections@3 ·")
    run = re.sub(r" · [\d.]+ s ·", " ·", " ".join(f"sections@3 ·{closing}".split()))  # the replay's time tells nothing
    return f"```text\n{body}\n{run}\n```"


def excerpt() -> str:
    """Return the example with the first ✗, the first ? and the first ✓ of each kind."""
    head, overview, *items, closing = example().removeprefix("```text\n").removesuffix("\n```").split("\n\n")
    return "\n\n".join([f"```text\n{head}", overview, *map(_shortened, items), f"{closing}\n```"])


def _shortened(section: str) -> str:
    title, *items = re.split(r"\n(?=  [✓?✗] )", section)
    first = [item for mark in "✗?✓" for item in [each for each in items if each.startswith(f"  {mark}")][:1]]
    left = ["  …"] if len(first) < len(items) else []
    return "\n".join([title, *first, *left])


# ── the scores ───────────────────────────────────────────────────────────────────────────────────


def default_scores() -> str:
    """Return the table of scores of the default for local models."""
    return _scores("sections@3")


def large_scores() -> str:
    """Return the table of scores of a large model with the default prompt for large models."""
    return _scores("brief@3", LARGE)


def other_scores() -> str:
    """Return the tables of scores of the other prompts."""
    others = {"brief@2": LARGE, "brief@1": EMBEDDED, "sections@1": EMBEDDED}
    return "\n\n".join(f"`{prompt}`, `{model}`:\n\n{_scores(prompt, model)}" for prompt, model in others.items())


def _scores(prompt: str, model: str = EMBEDDED) -> str:
    """Return the table of a prompt's scores with a model, by replay of its recordings."""
    from summariser.evals.report.markdown import table_markdown
    from summariser.evals.report.rows import bounds, rows
    from summariser.evals.report.tables import run_tables
    from summariser.evals.run import Job, run
    from summariser.evals.suite import Suite

    suite = Suite.load(ROOT / "evals")
    record = run(Job(suite=suite, cases=suite.cases, prompt=suite.prompt(prompt), model=model)).record
    return table_markdown(run_tables(rows(record, bounds(suite, suite.cases)))[0]).partition("\n\n")[2].strip()


PARTS: dict[str, Callable[[], str]] = {
    "api": api,
    "cli": cli,
    "default_scores": default_scores,
    "large_scores": large_scores,
    "example": example,
    "excerpt": excerpt,
    "other_scores": other_scores,
    "settings": settings,
}
SLOW = {"default_scores", "other_scores"}  # they replay the suite; tests/test_suite.py checks them


if __name__ == "__main__":
    for page in documents():
        before = page.read_text("utf-8")
        after = with_parts(before, generated(before))
        if after != before:
            page.write_text(after, "utf-8")
            print(f"wrote {page.relative_to(ROOT)}")  # noqa: T201  # what it is for
