"""Long texts to be measured: the seed, then paragraphs of the suite's articles with other names and numbers."""

import random
import re
from itertools import chain

from summariser.documents.document import detect_language
from summariser.text import lexicon
from tests.conftest import ROOT, SEED

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")  # what has a capital inside a sentence
_NUMBER = re.compile(r"\d+")
_KEPT = lexicon.WEEKDAYS | lexicon.MONTHS
_SYLLABLES = (
    "ba be bor da del do fa fen ga gor ka kel la lin lo ma mir na nor or pa ra ren sa sol ta tev va vin".split()
)


def long_text(characters: int) -> str:
    """About so many characters: sentences of the seed keep their numbers, and no paragraph stands there twice."""
    chance, stock = random.Random(7), _paragraphs()
    seed = SEED.read_text("utf-8").rstrip()
    grown, length = [seed], len(seed)
    while length < characters:
        grown.append(_varied(chance.choice(stock), chance))
        length += len(grown[-1]) + 2
    return "\n\n".join(grown)


def _paragraphs() -> list[str]:
    """The paragraphs of every English article in the suite, and of the seed."""
    texts = (path.read_text("utf-8") for path in sorted((ROOT / "evals" / "gold").glob("*/article.txt")))
    english = [text for text in texts if detect_language(text) == "en"]
    paragraphs = chain.from_iterable(re.split(r"\n\s*\n", text) for text in (*english, SEED.read_text("utf-8")))
    return [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]


def _varied(paragraph: str, chance: random.Random) -> str:
    """The paragraph with each of its names replaced by a made-up one, and each of its numbers by another."""
    names = {name: _name(chance) for name in dict.fromkeys(_NAME.findall(paragraph)) if name.casefold() not in _KEPT}
    renamed = re.sub(r"[A-Z][a-z]+", lambda match: names.get(match.group(), match.group()), paragraph)
    return _NUMBER.sub(lambda match: str(chance.randint(1, 10 ** len(match.group()))), renamed)


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()
