"""Sentences: where a text is divided into them, and where they end for certain."""
