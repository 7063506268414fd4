"""The command `summariser schema`."""

import json


def schema() -> None:
    """Print the JSON Schema of a summary."""
    from summariser.cli.output import write
    from summariser.schema import summary_json_schema

    write(json.dumps(summary_json_schema(), ensure_ascii=False, indent=2) + "\n")
