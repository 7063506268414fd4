"""A Summary for people: text for a terminal, Markdown for a page."""
