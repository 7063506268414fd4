"""The command `summariser schema`."""

import json
from typing import Annotated

import typer


def schema(
    version: Annotated[
        int,
        typer.Option(
            "--version", min=1, max=2, help="Version of the format: 2 is written, 1 is only read, from older files."
        ),
    ] = 2,
) -> None:
    """Print the JSON Schema of a summary."""
    from summariser.cli.output import write
    from summariser.schema import summary_json_schema

    write(json.dumps(summary_json_schema(version), ensure_ascii=False, indent=2) + "\n")
