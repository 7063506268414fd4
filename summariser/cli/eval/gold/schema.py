"""The command `summariser eval gold schema`."""

from summariser.cli.output import write


def schema() -> None:
    """Print the JSON Schema of a label file, for editors."""
    from summariser.evals.gold.models import json_schema

    write(json_schema())
