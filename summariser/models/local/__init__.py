"""The embedded model: its weights, and the server process that runs it."""
