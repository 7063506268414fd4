"""Measured by `make bench`, never by the tests."""
