"""Extraction: turn a document into a Draft, with a model and with rules."""
