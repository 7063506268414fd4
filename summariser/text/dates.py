"""Names of months and weekdays and the order of dates in many languages, from the data of dateparser."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from summariser.text import lexicon

_MONTHS = tuple("january february march april may june july august september october november december".split())
_WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_SHORTEST = 3  # letters of a name; shorter abbreviations are other words as well
_ANOTHER_NAME = {"no": "nb"}  # languages that dateparser calls by another code


@cache
def month_names(language: str | None) -> Mapping[str, int]:
    """Return the names of months in lower case with their numbers, in all forms that are known.

    Args:
        language: The ISO 639-1 code of the language; if it has lists of its own, all of these lists are read.
    """
    found = {name: int(number) for name, number in lexicon.values("months").items()}
    found |= {name: int(number) for name, number in lexicon.values("month_abbreviations").items()}
    return _names(language, _MONTHS) | found


@cache
def weekday_names(language: str | None) -> Mapping[str, int]:
    """Return the names of the days of the week in lower case with their numbers from Monday = 1."""
    return _names(language, _WEEKDAYS) | {name: int(number) for name, number in lexicon.values("weekdays").items()}


@cache
def date_order(language: str | None) -> str | None:
    """Return the order of a date in digits, such as "DMY"; None if it depends on the country or is unknown."""
    order = _data(language).get("date_order")
    return order if isinstance(order, str) and language != "en" else None


def is_dated(language: str | None) -> bool:
    """Return True if the names of months are known in a language."""
    return language in lexicon.RULE_LANGUAGES or bool(_data(language))


def _names(language: str | None, keys: tuple[str, ...]) -> dict[str, int]:
    """Return the names under each key with the number of the key, without abbreviations and without those in digits."""
    if language == "en":
        return {}
    listed = ((number, name.casefold()) for number, key in enumerate(keys, 1) for name in _data(language).get(key, ()))
    return {name: number for number, name in listed if len(name) >= _SHORTEST and not any(map(str.isdigit, name))}


@cache
def _data(language: str | None) -> dict[str, str | list[str]]:
    """Return what dateparser knows of a language; nothing if it does not know it."""
    code = _ANOTHER_NAME.get(language or "", language or "")
    if not code.isalpha():
        return {}
    try:
        data = import_module(f"dateparser.data.date_translation_data.{code}")
    except ImportError:
        return {}
    return dict(data.info)
