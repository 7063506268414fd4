"""The parts of a prompt: one version with its calls, and the messages that it renders for a document."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Literal

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, model_validator

from summariser.documents import Document, Sentence
from summariser.errors import ConfigurationError
from summariser.schema import Draft, Fill
from summariser.text import LANGUAGES

_TEMPLATES = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)


class Call(BaseModel):
    """One request to a model.

    Attributes:
        name: The call's name in progress reports and errors.
        fills: The parts of the Draft that the answer fills.
        system: The template of the system message; None for the prompt's own, so that calls share a prefix.
        opening: The template that shows the article; None for the prompt's own.
        task: The template of what follows the opening.
        focus: Cue words; a final * stands for any ending. The template gets the sentences that contain one a second
            time, and fills with `each_sentence` ask about these sentences only.
        max_output_tokens: The longest answer, in tokens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fills: tuple[Fill, ...] = Field(min_length=1)
    system: str | None = None
    opening: str | None = None
    task: str
    focus: tuple[str, ...] = ()
    max_output_tokens: Annotated[int, Field(gt=0, le=100_000)]

    def in_focus(self, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
        """Return the sentences that contain one of the cue words of `focus`."""
        if not self.focus:
            return ()
        words = "|".join(re.escape(cue).replace(r"\*", r"\w*") for cue in self.focus)
        cue = re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)
        return tuple(sentence for sentence in sentences if cue.search(sentence.text))


class Message(BaseModel):
    """One chat message."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "user"]
    content: str


class _Versioned(BaseModel):
    """A text that does not change after its release: a name, a version, and the digest of its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Field(gt=0)]
    description: str
    changes: str
    sha256: str

    @property
    def id(self) -> str:
        """The id, `name@version`."""
        return f"{self.name}@{self.version}"


class Prompt(_Versioned):
    """One version of a prompt for a whole summary.

    Attributes:
        system: The template of the system message.
        opening: The template that shows the article.
        by_rules: The parts that no call asks for; rules extract them from the words of the document.
        calls: The requests that fill all other parts.
    """

    system: str
    opening: str
    by_rules: tuple[Literal["commitments", "reactions", "risks"], ...] = ()
    calls: tuple[Call, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_part_once(self) -> "Prompt":
        parts = [*self.by_rules, *(fill.part for call in self.calls for fill in call.fills)]
        if not set(parts) >= Draft.model_fields.keys() or len(set(parts)) != len(parts):
            raise ValueError(f"the calls and by_rules must fill each of {', '.join(Draft.model_fields)} exactly once")
        return self

    def render(
        self, call: Call, document: Document, sentences: Sequence[Sentence], focus: Sequence[Sentence] = ()
    ) -> tuple[Message, ...]:
        """Return the messages of one call.

        The article enters the templates as a value only, so that template syntax in it stays text.

        Args:
            call: One of the prompt's calls.
            document: The document, for its title, language and day of publication.
            sentences: The sentences of the document to show as the article.
            focus: The sentences to show a second time.

        Raises:
            ConfigurationError: A template is wrong.
        """
        values = {
            "article": numbered(sentences),
            "focus": numbered(focus),
            "title": document.title,
            "language": document.language,
            "language_name": LANGUAGES.get(document.language or ""),
            "published": document.published.isoformat() if document.published else None,
        }
        what = f"Call {call.name!r} of prompt {self.id}"
        system, opening, task = (
            _rendered(template, values, what)
            for template in (call.system or self.system, call.opening or self.opening, call.task)
        )
        return Message(role="system", content=system), Message(role="user", content=f"{opening}\n\n{task}")


class StepPrompt(_Versioned):
    """One version of the prompt of a postprocessing step: one request, sent once for each item or text.

    Attributes:
        system: The template of the system message.
        task: The template of the user's message.
        max_output_tokens: The longest answer, in tokens.
    """

    system: str
    task: str
    max_output_tokens: Annotated[int, Field(gt=0, le=100_000)]

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """Return the messages of one request.

        Args:
            values: The values of the templates' variables, by name.

        Raises:
            ConfigurationError: A template is wrong.
        """
        system, task = (_rendered(template, values, f"Prompt {self.id}") for template in (self.system, self.task))
        return Message(role="system", content=system), Message(role="user", content=task)


def numbered(sentences: Iterable[Sentence]) -> str:
    """Return the sentences, one a line, each after its number in brackets."""
    return "\n".join(f"[{s.number}] {' '.join(s.text.split())}" for s in sentences)


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    return _TEMPLATES.from_string(template)


def _rendered(template: str, values: Mapping[str, object], what: str) -> str:
    try:
        return _compiled(template).render(values).strip()
    except Exception as error:  # a template is code and can raise any exception
        raise ConfigurationError(f"{what} has a wrong template ({error}); correct its TOML file.") from None
