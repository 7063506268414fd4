"""Deadlines resolved against the day of publication, where the words name a day for certain."""

from datetime import date

import pytest

from summariser.documents.document import Document
from summariser.grounding.deadlines import resolve

TEXTS = {
    "en": "The minister said on Monday that the country would keep its promises and pay the fishermen.",
    "fr": "Le ministre a déclaré lundi que le pays tiendrait ses promesses et paierait les pêcheurs.",
    "es": "El ministro dijo el lunes que el país cumpliría sus promesas y pagaría a los pescadores.",
    "de": "Der Minister sagte am Montag, das Land werde seine Versprechen halten und die Fischer bezahlen.",
}
PUBLISHED = date(2025, 6, 3)  # a Tuesday


def resolved(words: str, language: str = "en", published: date | None = PUBLISHED) -> date | None:
    document = Document.from_text(TEXTS[language], published=published)
    assert document.language == language
    return resolve(words, document)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by 30 June", date(2025, 6, 30)),
        ("by June 30", date(2025, 6, 30)),
        ("until 11 June", date(2025, 6, 11)),
        ("starting March 17", date(2026, 3, 17)),
        ("no later than 30 November 2027", date(2027, 11, 30)),
        ("by Friday", date(2025, 6, 6)),
        ("on Monday 16 June", date(2025, 6, 16)),
        ("by the end of June", date(2025, 6, 30)),
        ("by the end of February", date(2026, 2, 28)),
        ("by the end of March 2028", date(2028, 3, 31)),
        ("before the end of 2027", date(2027, 12, 31)),
        ("tomorrow", date(2025, 6, 4)),
        ("by the 1st of July", date(2025, 7, 1)),
    ],
)
def test_words_that_name_a_day_give_it(words: str, day: date):
    assert resolved(words) == day


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("avant le 31 octobre", "fr", date(2025, 10, 31)),
        ("à compter du 12 décembre 2027", "fr", date(2027, 12, 12)),
        ("antes del 15 de mayo", "es", date(2026, 5, 15)),
        ("bis zum 12. Juli", "de", date(2025, 7, 12)),
    ],
)
def test_in_other_languages_too(words: str, language: str, day: date):
    assert resolved(words, language) == day


@pytest.mark.parametrize(
    "words",
    [
        "within 90 days", "in the spring", "by Friday week", "around 12 June", "soon", "for two years", "in early July",
        "on Tuesday", "by 31 June", "next April", "between 1 and 5 July", "for 90 days a year", "in May or June",
    ],
)  # fmt: skip
def test_words_that_name_none_for_certain_give_none(words: str):
    assert resolved(words) is None


def test_without_a_day_of_publication_only_a_full_date_counts():
    assert resolved("by 30 June", published=None) is None
    assert resolved("by 30 June 2026", published=None) == date(2026, 6, 30)
    assert resolved("by the end of 2027", published=None) == date(2027, 12, 31)
