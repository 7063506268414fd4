"""Initials in the labels of an interview, and the person named before whose initials they are."""

import re
from collections.abc import Iterator
from functools import lru_cache

from summariser.text import is_name, lexicon, name_in_label, state_named

_LETTERS = re.compile(r"[^\W\d_](?:(?:\.?-|\.[^\S\n])?[^\W\d_]|\.[^\W\d_]){1,3}\.?")
_NAME = re.compile(r"(?<![\w.])[^\W\d_][\w'’-]*(?:\.(?=[^\S\n]))?(?:[^\S\n][^\W\d_][\w'’-]*(?:\.(?=[^\S\n]))?)+")
_PLACES_AND_TITLES = re.compile(r"[^\n]*[.,:;?!()][^\n]*")
_AND = frozenset("and e i y".split())
_FEWEST_WORDS_OF_TITLE = 5
_LONGEST_NAME = 4  # words with a capital letter
_SHORTEST_STEM = 4
_LONGEST_ABBREVIATION = 3  # letters of a word that a full stop does not end: "Dr."


def letters_in(label: str) -> str:
    """Return the letters of a label that has the form of initials, "JA" for "J. A.", or "" for any other label."""
    letters = "".join(filter(str.isalpha, label)) if _LETTERS.fullmatch(label) else ""
    capitals = sum(map(str.isupper, letters))
    small = [letter for letter in letters if letter.islower()]
    fits = letters[:1].isupper() and letters[-1:].isupper() and 2 <= capitals <= 3
    return letters if fits and small in ([], ["v"], ["d"], ["l"]) else ""


@lru_cache(maxsize=64)
def person_with(letters: str, text: str, end: int, language: str | None) -> str:
    """Return the one person named in a text who has these initials; "" if there is none, or more than one.

    A name with the letters in brackets behind it, "Joan Alder (JA)", comes first. A name with a word that the text also
    has in lower case may be no person's.

    Args:
        letters: The initials without full stops.
        text: The text.
        end: The offset before which the person is named: that of the first label.
        language: The language of the text.
    """
    found: dict[str, str] = {}
    explained: dict[str, str] = {}
    for name, behind in _names(text[:end], language):
        if letters.casefold() in _initials_of(name) and not _has_common_word(name, text):
            found.setdefault(name.casefold(), name)
        in_brackets = re.match(rf"[^\S\n]?[(\[]{letters}[)\]]", text[behind : behind + len(letters) + 3])
        if in_brackets and (name[0] + name.split()[-1][0]).casefold() == (letters[0] + letters[-1]).casefold():
            explained.setdefault(name.casefold(), name)
    persons = list((explained or found).values())
    return persons[0] if len(persons) == 1 else ""


def _has_common_word(name: str, text: str) -> bool:
    """Return True if a text has a word of a name in lower case, perhaps in another form: "ferry" for "Ferries"."""
    stems = (word[: max(_SHORTEST_STEM, len(word) - 3)].lower() for word in name.split() if len(word) >= _SHORTEST_STEM)
    return any(re.search(rf"\b{re.escape(stem)}", text) for stem in stems)


def _names(text: str, language: str | None) -> Iterator[tuple[str, int]]:
    """Yield what may be names of persons in a text, in normal case, with the offsets at which they end."""
    for line in re.finditer(r"[^\n]+", text):
        if _is_title(line[0]):
            continue
        for run in _NAME.finditer(text, line.start(), line.end()):
            for words, behind in _capitalised(run):
                for place in range(len(words) - 1):
                    name = " ".join(words[place:])
                    if words[place][0].isupper() and _can_be_person(name, words[:place], language):
                        yield name_in_label(name), behind


def _is_title(line: str) -> bool:
    """Return True if every longer word of a line without punctuation has a capital letter, as in some headlines."""
    words = [word for word in line.split() if len(word) > _LONGEST_ABBREVIATION]
    return (
        len(words) >= _FEWEST_WORDS_OF_TITLE
        and not _PLACES_AND_TITLES.fullmatch(line)
        and all(word[0].isupper() for word in words)
    )


def _capitalised(run: re.Match[str]) -> Iterator[tuple[list[str], int]]:
    """Yield the stretches of capitalised words and particles in a run of words, with the offsets at which they end."""
    particles = lexicon.words("name_particles", "any") - _AND
    words: list[str] = []
    behind = run.start()
    for word in re.finditer(r"\S+", run[0]):
        if not (word[0][0].isupper() or (words and word[0] in particles)):
            yield from _without_particles(words, behind)
            words = []
            continue
        words.append(word[0] if len(word[0]) == len("J.") else word[0].rstrip("."))
        behind = run.start() + word.start() + len(words[-1])
        if word[0].endswith(".") and len(words[-1]) > _LONGEST_ABBREVIATION:
            yield from _without_particles(words, behind)
            words = []
    yield from _without_particles(words, behind)


def _without_particles(words: list[str], behind: int) -> Iterator[tuple[list[str], int]]:
    if len(words) > 1 and words[-1][0].isupper():
        yield words, behind


def _can_be_person(name: str, before: list[str], language: str | None) -> bool:
    """Return True if words can be the full name of a person, without a title, and no article is before them."""
    from summariser.text.names import is_outlet  # which reads word lists when it is imported

    words = name.split()
    bodies = lexicon.words("organisation_nouns") | lexicon.words("public_bodies") | lexicon.words("company_nouns")
    return (
        sum(word[0].isupper() for word in words) <= _LONGEST_NAME
        and (not before or before[-1].casefold() not in lexicon.words("determiners"))
        and len(name_in_label(name).split()) == len(words)
        and is_name(name, language)
        and bodies.isdisjoint(map(str.casefold, words))
        and lexicon.words("determiners").isdisjoint(map(str.casefold, words))
        and state_named(name) is None
        and not is_outlet(name)
    )


def _initials_of(name: str) -> frozenset[str]:
    """Return the initials of a name in lower case: of all words, of those with a capital, and of the first and last."""
    words = re.split(r"[\s-]+", name)
    capitalised = [word for word in words if word[0].isupper()]
    short = re.sub(r"-\w+", "", name).split()
    forms = (words, capitalised, [capitalised[0], capitalised[-1]], [w for w in short if w[0].isupper()])
    return frozenset("".join(word[0] for word in form).casefold() for form in forms)
