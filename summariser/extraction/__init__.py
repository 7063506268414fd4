"""Extraction: what a model, and rules, find in a document, as a Draft."""
