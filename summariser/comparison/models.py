"""The result of a comparison: what changed from one text to another, and where reports of one event differ."""

import json
from collections.abc import Iterator
from typing import Literal

from summariser.schema import DocumentInfo, VerdictLabel
from summariser.schema.base import Frozen

Way = Literal["changes", "reports"]
"""How texts are compared: for changes from one to the other, or as reports of one event."""
ChangeName = Literal["dropped", "softer", "turned", "firmer", "number", "date", "condition", "recipient", "new", "gone"]
"""What happened to an item, in the order in which changes are told: see `Change`."""
DifferenceName = Literal["number", "date", "stance", "name", "speaker", "only"]
"""In what reports differ: see `Difference`."""


class Side(Frozen):
    """An item of one of the compared texts.

    Attributes:
        source: The number of the text, from 0.
        item: The id of the item in its Summary; None for a fact that stands in no item.
        who: The names of the parties that act or speak, joined.
        text: What it says.
        sentences: The numbers of its sentences.
        quote: The cited words; empty if the Summary has none.
        verdict: The verdict on the item; None for a fact that stands in no item.
    """

    source: int
    item: str | None
    who: str
    text: str
    sentences: tuple[int, ...]
    quote: str
    verdict: VerdictLabel | None


class Change(Frozen):
    """A change from the first text to the second.

    Attributes:
        kind: The kind of the item, such as "commitment".
        change: "new" and "dropped" (a commitment), "firmer" and "softer" (its status), "number", "date", "condition"
            and "recipient" (in it), "turned" (a stance), "new" and "gone" (a risk).
        before: The item of the first text; None if it is new.
        after: The item of the second text; None if it is dropped or gone.
        was: The value before, in words; empty if there was none.
        now: The value after, in words; empty if there is none.
    """

    kind: str
    change: ChangeName
    before: Side | None
    after: Side | None
    was: str = ""
    now: str = ""


class Difference(Frozen):
    """A point in which reports of one event differ.

    Attributes:
        kind: The kind of the items, or "fact" for what stands in no item.
        difference: "number", "date", "stance", "name" or "speaker"; or "only" for an item that some reports lack.
        sides: What each report says that has it, in the order of the reports.
        missing: The numbers of the reports that do not have it, from 0.
        values: The differing values in words, in the order of `sides`.
    """

    kind: str
    difference: DifferenceName
    sides: tuple[Side, ...]
    missing: tuple[int, ...] = ()
    values: tuple[str, ...] = ()


class Agreement(Frozen):
    """An item that several reports have, in whatever words."""

    kind: str
    sides: tuple[Side, ...]


class Unclear(Frozen):
    """An item of one text of which the comparison cannot tell whether another text has it.

    Attributes:
        kind: Its kind.
        side: The item.
        other: The number of the other text.
        reason: Why it is unclear, as a sentence.
        sentences: The sentences of the other text that may tell of it.
    """

    kind: str
    side: Side
    other: int
    reason: str
    sentences: tuple[int, ...] = ()


class Comparison(Frozen):
    """What changed between two texts, or what several reports of one event agree and differ on.

    Attributes:
        way: "changes" of one matter over time, or "reports" of one event.
        documents: The compared documents, in the order that was given.
        changes: The changes from the first text to the second.
        differences: Where reports differ.
        same: The items that stand in all texts unchanged, or in several reports.
        unclear: What the comparison cannot tell.
        notes: What limits the comparison, as sentences.
    """

    way: Way
    documents: tuple[DocumentInfo, ...]
    changes: tuple[Change, ...] = ()
    differences: tuple[Difference, ...] = ()
    same: tuple[Agreement, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the comparison as JSON text; Unicode is kept as it is."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent)

    def to_markdown(self) -> str:
        """Return the comparison as Markdown; the words of the texts and of the model are escaped."""
        from summariser.comparison.views import view_of
        from summariser.render.comparison import comparison_to_markdown

        return comparison_to_markdown(view_of(self))

    def to_html(self) -> str:
        """Return the comparison as one HTML page with the texts side by side, which loads and sends nothing."""
        from summariser.comparison.views import view_of
        from summariser.render.comparison import comparison_to_html

        return comparison_to_html(view_of(self))

    def of(self, *names: str) -> Iterator[Change | Difference]:
        """Yield the changes and differences with one of the names, such as "softer"."""
        yield from (change for change in self.changes if change.change in names)
        yield from (difference for difference in self.differences if difference.difference in names)
