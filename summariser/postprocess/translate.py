"""Translate the texts of a finished Summary, but not its evidence."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from summariser import events
from summariser.documents import Document
from summariser.models import Model
from summariser.postprocess.requests import begin
from summariser.schema import PARTY, Summary, SummaryWarning, WarningCode, claims, kinds
from summariser.text import LANGUAGES, lexicon, norms, numbers_in, tokenize

PROMPT = "translation"
_MAX_CHARACTERS = 3000  # characters of texts in one request


async def translate(
    summary: Summary, document: Document, model: Model, *, language: str, listener: events.Listener = events.ignore
) -> Summary:
    """Return the Summary with headline, overview, actions, statements, risks and roles in another language.

    The checks apply to the texts in the document's language. Evidence, quotations, conditions, deadlines and targets
    are not translated. A translation that changes a number, a weekday or a person's name is rejected with a warning.

    Args:
        summary: The Summary.
        document: Its document.
        model: The model to ask.
        language: A key of LANGUAGES; if it is the document's language, the Summary is returned unchanged.
        listener: Receives an event for each request.

    Raises:
        DeferredError: A batch API has not answered yet.
    """
    if language == document.language:
        return summary
    texts = dict(_texts(summary))
    chunks = list(_chunks(texts))
    pass_ = begin(PROMPT, model, listener, of=len(chunks))
    found: dict[str, str] = {}
    for chunk in chunks:
        lines = "\n".join(f"{key}: {text}" for key, text in chunk.items())
        answer = await pass_.ask(_answer_type(chunk), {"texts": lines, "language": LANGUAGES[language]})
        found |= answer.model_dump() if answer is not None else {}
    checker = _Checker(summary, document, language)
    kept = {key: text for key, text in found.items() if text.strip() and checker.agree(texts[key], text)}
    left = [key for key in texts if key not in kept]
    message = f"The texts were translated into {LANGUAGES[language]} by the model after they had been checked."
    warnings = [SummaryWarning(code=WarningCode.TRANSLATED, message=message)]
    if left:
        why = "numbers, days or names of persons changed, or the request failed"
        warnings.append(
            SummaryWarning(code=WarningCode.NOT_TRANSLATED, message=f"Not translated, for {why}: {', '.join(left)}.")
        )
    return pass_.finish(_with_texts(summary, kept, warnings))


def _texts(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield the texts of the Summary, each with the name of its field or the id of its item."""
    for field in ("headline", "overview"):
        if text := getattr(summary, field).strip():
            yield field, text
    for kind in (*claims(), PARTY):
        for item in summary.of(kind):
            if text := getattr(item, kind.text).strip():
                yield item.id, text


def _chunks(texts: Mapping[str, str]) -> Iterator[dict[str, str]]:
    chunk: dict[str, str] = {}
    for key, text in texts.items():
        if chunk and sum(map(len, chunk.values())) + len(text) > _MAX_CHARACTERS:
            yield chunk
            chunk = {}
        chunk[key] = text
    if chunk:
        yield chunk


def _answer_type(chunk: Mapping[str, str]) -> type[BaseModel]:
    """Return a response type with one required text per id, at most about three times as long as the original."""
    fields: dict[str, Any] = {
        key: (str, Field(max_length=6 * len(text) + 200, json_schema_extra={"maxLength": 3 * len(text) + 100}))
        for key, text in chunk.items()
    }
    return create_model("Texts", __config__=ConfigDict(extra="forbid", frozen=True), **fields)


class _Checker:
    """Compares the numbers, weekdays and names of persons in a text and its translation."""

    def __init__(self, summary: Summary, document: Document, language: str) -> None:
        self._from, self._into = document.language, language
        people = [party for party in summary.parties if party.kind == "person"]
        self._names = [frozenset(norms(name)) for party in people for name in (party.name, *party.aliases)]

    def agree(self, text: str, translated: str) -> bool:
        """Return True if a text and its translation have the same numbers, weekdays and names of persons."""
        before, after = self._signs(text, self._from), self._signs(translated, self._into)
        words, translated_words = {t.norm for t in tokenize(text)}, {t.norm for t in tokenize(translated)}
        return before == after and all(name <= translated_words for name in self._names if name <= words)

    def _signs(self, text: str, language: str | None) -> set[object]:
        values: set[object] = {value for value, _ in numbers_in(text, language)}
        both_known = {self._from, self._into} <= lexicon.RULE_LANGUAGES
        words = {token.norm for token in tokenize(text)} if both_known else set()
        return values | {f"day {number}" for day, number in lexicon.weekday_numbers(language).items() if day in words}


def _with_texts(summary: Summary, texts: Mapping[str, str], warnings: list[SummaryWarning]) -> Summary:
    update: dict[str, object] = {field: texts[field] for field in ("headline", "overview") if field in texts}
    for kind in kinds():
        items = summary.of(kind)
        update[kind.plural] = tuple(
            item.model_copy(update={kind.text: texts[item.id], "short": ""}) if item.id in texts else item
            for item in items
        )
    return summary.model_copy(update={**update, "warnings": (*summary.warnings, *warnings)})
