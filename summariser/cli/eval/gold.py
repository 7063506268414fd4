"""`summariser eval gold new | check | agree | adjudicate | stubs | schema`."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from summariser.cli.eval.common import DEFAULT_SUITE, CaseNames, Split, SuiteFolder, load_suite, require_libraries
from summariser.cli.messages import say
from summariser.cli.output import write
from summariser.errors import ConfigurationError, Exit, InputError

app = typer.Typer(help="Label cases, check the labels, see how far annotators agree.", no_args_is_help=True)
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="The case's name: its folder below SUITE/gold.")]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_TERMS = "licence of the article, such as Apache-2.0 or CC0-1.0"


@app.command()
def new(
    article: Annotated[Path, typer.Argument(metavar="ARTICLE", help="The text to label, or a case's own article.txt.")],
    name: Annotated[str, typer.Argument(metavar="CASE", help="Name of the new case: small letters, digits, hyphens.")],
    suite: SuiteFolder = DEFAULT_SUITE,
    split: Annotated[Split, typer.Option(help="dev for tuning, test for judging.")] = Split.DEV,
    licence: Annotated[str, typer.Option(help=_TERMS)] = "Apache-2.0",
    origin: Annotated[str, typer.Option(help="Where the article comes from.")] = "written for this suite",
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of publication, where the text does not say it.")
    ] = None,
    who: Annotated[str, typer.Option(help="Who labels, in a few words.")] = "a reader of the article",
    by_model: Annotated[
        bool, typer.Option("--by-model", help="The labels are a language model's, not a person's.")
    ] = False,
    annotator: Annotated[str, typer.Option(help="a or b for one of two annotators; default: the gold itself.")] = "",
) -> None:
    """Start a case: copy the article, number its sentences, and write the frame to fill in."""
    require_libraries()
    from summariser.documents.readers import read
    from summariser.evals.gold.models import GOLD_FILE, SCHEMA_FILE, frame, json_schema
    from summariser.evals.metric import VERSION
    from summariser.evals.suite import FILE

    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is no name for a case; use small letters, digits and hyphens.")
    if annotator not in ("", "a", "b"):
        raise ConfigurationError("The annotator is a or b, or none for the gold itself.")
    if split is Split.ALL:
        raise ConfigurationError("A case is in one split; give --split dev or --split test.")
    folder = suite / "gold" / name
    target = folder / (f"annotator-{annotator}.yaml" if annotator else GOLD_FILE)
    if target.exists():
        raise ConfigurationError(f"{target} is there already; edit it, or choose another name.")
    own = folder / "article.txt"
    document = read(article, published=published.date() if published else None)
    if own.exists() and own.read_bytes() != article.read_bytes():
        raise ConfigurationError(f"{own} is another article; choose another name for the case.")
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
        raise ConfigurationError(f"{folder} cannot be written ({error.strerror}).") from None
    write(text, target)
    if not (suite / SCHEMA_FILE).exists():
        write(json_schema(), suite / SCHEMA_FILE)
    if not (suite / FILE).exists():
        write(f'name = "{suite.resolve().name}"\nmetric = {VERSION}\n', suite / FILE)
        say(f"{suite / FILE} was not there; it was started.")
    write(f"{target}\n")
    guide = f" by {suite / 'GUIDELINES.md'}" if (suite / "GUIDELINES.md").exists() else ""
    where = "" if suite == DEFAULT_SUITE else f" --suite {suite}"
    say(f"fill the lists at its end{guide}, then run 'summariser eval gold check{where}'.")


@app.command()
def check(suite: SuiteFolder = DEFAULT_SUITE, case: CaseNames = None) -> None:
    """Check all labels: schema, ids, quotations, references, licences, near-duplicates, leaks into prompts."""
    require_libraries()
    from summariser.evals.gold_lint import check as complaints
    from summariser.evals.gold_lint import unreadable
    from summariser.prompts import library

    broken = unreadable(suite, case or ())
    found = [str(complaint) for complaint in broken]
    if not broken:
        loaded = load_suite(suite)
        cases = loaded.chosen("all", case or ())
        found = [str(complaint) for complaint in complaints(loaded, library(), cases)]
    for complaint in found:
        write(f"{complaint}\n")
    if found:
        say(f"{len(found)} thing{'s are' if len(found) > 1 else ' is'} wrong with the gold; mend that.")
        raise typer.Exit(int(Exit.USAGE))
    items = sum(len(list(each.gold.items)) for each in cases)
    write(f"{len(cases)} cases, {items} items: all clean.\n")


@app.command()
def agree(suite: SuiteFolder = DEFAULT_SUITE, case: CaseNames = None) -> None:
    """Say how far two annotators agree: item F1 by the same metric, and Krippendorff's alpha on fields."""
    loaded = load_suite(suite)
    from summariser.evals import metric
    from summariser.evals.agreement import A_FILE, agreement, alphas, annotated
    from summariser.evals.gold.models import GOLD_FILE
    from summariser.evals.metric import Counts
    from summariser.evals.report.rows import figure
    from summariser.schema import kind_named, kind_names

    for name in case or ():
        if (suite / "gold" / name / A_FILE).exists() and not (suite / "gold" / name / GOLD_FILE).exists():
            raise InputError(f"Case {name} is not adjudicated; start its gold with 'summariser eval gold adjudicate'.")
    twice = [found for each in loaded.chosen("all", case or ()) if (found := annotated(each))]
    if not twice:
        raise InputError(f"No case of {suite} has labels of two annotators; add them with 'gold new --annotator a'.")
    total = {kind: Counts() for kind in kind_names()}
    for found in twice:
        for kind, counts in agreement(found).items():
            total[kind].add(counts)
    fields = alphas(twice)
    write(f"{len(twice)} cases, labelled twice\n")
    for kind in kind_names():
        strict, detection = (metric.f_score(total[kind], strict=strict) for strict in (True, False))
        told = f"  alpha of {kind_named(kind).label} {figure(fields[kind])}" if kind in fields else ""
        write(f"{kind:<12} strict F1 {figure(strict)}  detection F1 {figure(detection)}{told}\n")


@app.command()
def adjudicate(name: CaseName, suite: SuiteFolder = DEFAULT_SUITE) -> None:
    """Start a case's gold from its two annotators: a's labels, with every difference as a decision to take."""
    require_libraries()
    from summariser.evals.agreement import OPEN, draft
    from summariser.evals.gold.models import GOLD_FILE

    folder = suite / "gold" / name
    if not folder.is_dir():
        raise InputError(f"There is no case {name!r} in {suite}; add it with 'summariser eval gold new'.")
    target = folder / GOLD_FILE
    if target.exists():
        raise ConfigurationError(f"{target} is there already; edit it, or move it away to begin anew.")
    text = draft(folder)
    write(text, target)
    write(f"{target}: {text.count(OPEN)} differences to settle.\n")


@app.command()
def stubs(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run.json or its folder.")],
    suite: SuiteFolder = DEFAULT_SUITE,
    case: CaseNames = None,
) -> None:
    """Write every prediction that is no gold item as YAML to paste: as an item, or as a trap."""
    loaded = load_suite(suite)
    from summariser.evals.gold_stubs import stubs as stubs_of
    from summariser.evals.run import load_run

    chosen = loaded.chosen("all", case or ())
    write("".join(stubs_of(load_run(run), chosen)))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a gold file, for editors."""
    from summariser.evals.gold.models import json_schema

    write(json_schema())
