"""Verdict: what a source says of one claim that anybody made."""

from typing import Any

from pydantic import computed_field, model_validator

from summariser.schema.base import Item


class Verdict(Item):
    """What a source says of one claim.

    Attributes:
        id: The claim's own id, such as "C1" of a Summary's item; otherwise its number, from 1.
        claim: The claim's text.
        source: The name of the source whose verdict this is, such as a path.
    """

    claim: str
    source: str

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way of writing it
    @property
    def reason(self) -> str:
        """Why the verdict is not "supported", as a sentence; empty if it is."""
        return super().reason.removeprefix("Text: ")

    @model_validator(mode="before")
    @classmethod
    def _without_reason(cls, data: Any) -> Any:
        """Read what was written: the reason follows from the checks."""
        return {name: value for name, value in data.items() if name != "reason"} if isinstance(data, dict) else data
