"""The command `summariser eval gold new`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from summariser.cli.eval.common import DEFAULT_SUITE, Split, SuiteFolder, require_libraries
from summariser.cli.messages import say
from summariser.cli.options import Published
from summariser.cli.output import write
from summariser.errors import ConfigurationError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def new(
    article: Annotated[
        Path, typer.Argument(metavar="ARTICLE", help="The text to label, or the article.txt of an existing case.")
    ],
    name: Annotated[
        str,
        typer.Argument(metavar="CASE", help="Name of the new case, from lower-case letters, digits and hyphens."),
    ],
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Annotated[
        Split, typer.Option("--split", help="Split of the case: dev (for tuning) or test (for the final measurement).")
    ] = Split.DEV,
    licence: Annotated[
        str, typer.Option("--licence", help="Licence of the article, such as Apache-2.0 or CC0-1.0.")
    ] = "Apache-2.0",
    origin: Annotated[str, typer.Option("--origin", help="Where the article comes from.")] = "written for this suite",
    published: Published = None,
    who: Annotated[
        str, typer.Option("--who", help="Who writes the labels, in a few words.")
    ] = "a reader of the article",
    by_model: Annotated[
        bool, typer.Option("--by-model", help="Mark the labels as written by a language model instead of a person.")
    ] = False,
    annotator: Annotated[
        str,
        typer.Option("--annotator", help="Write the labels of annotator a or b. Default: the final labels, gold.yaml."),
    ] = "",
) -> None:
    """Start a case: copy the article and write a label file.

    The label file has empty lists to fill in, and the numbered sentences of the article as comments.
    """
    require_libraries()
    from summariser.documents import read
    from summariser.evals.gold.models import GOLD_FILE, frame

    _require_case(name, split, annotator)
    folder = suite / "gold" / name
    target = folder / (f"annotator-{annotator}.yaml" if annotator else GOLD_FILE)
    if target.exists():
        raise ConfigurationError(f"{target} is there already; edit it, or choose another name.")
    own = folder / "article.txt"
    document = read(article, published=published.date() if published else None)
    if own.exists() and own.read_bytes() != article.read_bytes():
        raise ConfigurationError(f"{own} is a different article; choose another name for the case.")
    text = frame(
        document,
        case=name,
        split=split.value,
        licence=licence,
        origin=origin,
        annotator=annotator or "a",
        kind="model" if by_model else "person",
        who=who,
        file="article.txt",
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not own.exists():
            own.write_bytes(article.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written ({error.strerror}); check its permissions.") from None
    write(text, target)
    _complete(suite)
    write(f"{target}\n")
    guide = f" as {suite / 'GUIDELINES.md'} says" if (suite / "GUIDELINES.md").exists() else ""
    where = "" if suite == DEFAULT_SUITE else f" --suite {suite}"
    say(f"fill in the lists at its end{guide}, then run 'summariser eval gold check{where}'.")


def _require_case(name: str, split: Split, annotator: str) -> None:
    """Raise ConfigurationError unless a case can have this name, be in this split and be labelled by this annotator."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is not a valid case name; use lower-case letters, digits and hyphens.")
    if annotator not in ("", "a", "b"):
        raise ConfigurationError("The annotator must be a or b; leave --annotator out for the final labels.")
    if split is Split.ALL:
        raise ConfigurationError("A case is in one split; give --split dev or --split test.")


def _complete(suite: Path) -> None:
    """Write the files that a suite needs and does not have."""
    from summariser.evals.gold.models import SCHEMA_FILE, json_schema
    from summariser.evals.metric import VERSION
    from summariser.evals.suite import FILE

    if not (suite / SCHEMA_FILE).exists():
        write(json_schema(), suite / SCHEMA_FILE)
    if not (suite / FILE).exists():
        write(f'name = "{suite.resolve().name}"\nmetric = {VERSION}\n', suite / FILE)
        say(f"{suite / FILE} was missing; a new one was written.")
