"""The words of a text: word lists, tokens, numbers, names, states."""
