"""Documents: read from files, split into sentences, with boilerplate and prompt injection marked."""
