"""Views of a run: a table for terminals, Markdown, JUnit XML and one HTML page. `run.json` is the record."""
