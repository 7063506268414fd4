"""The warnings of a Summary: what a reader should know about it or about one of its items."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from pydantic import ConfigDict

from summariser.schema.base import Frozen


class WarningCode(StrEnum):
    """The subject of a warning, for programs; `docs/checks.md` explains each code."""

    # about the document and how it was read
    ENCODING_GUESSED = "encoding_guessed"
    BYTES_REPLACED = "bytes_replaced"
    PARTS_LEFT_OUT = "parts_left_out"
    ORDER_CHANGED = "order_changed"
    PUBLICATION_UNCLEAR = "publication_unclear"
    PUBLICATION_UNKNOWN = "publication_unknown"
    ORDER_IN_TEXT = "order_in_text"
    READ_IN_PASSAGES = "read_in_passages"
    READ_IN_PART = "read_in_part"
    NOT_COVERED = "not_covered"

    # about the model's answers
    ANSWER_CUT_OFF = "answer_cut_off"
    ANSWER_INCOMPLETE = "answer_incomplete"
    ANSWER_REPAIRED = "answer_repaired"
    ASKED_BY_HALVES = "asked_by_halves"
    CALL_FAILED = "call_failed"
    ITEM_DROPPED = "item_dropped"
    PROMPT_LEAKED = "prompt_leaked"
    BY_RULES = "by_rules"
    NOT_LOOKED_FOR = "not_looked_for"

    # about names and items
    DUPLICATE_MERGED = "duplicate_merged"
    IDLE_PARTY = "idle_party"
    KIND_CORRECTED = "kind_corrected"
    NO_PARTY = "no_party"
    PARTY_ADDED = "party_added"
    UNRESOLVED_NAME = "unresolved_name"

    # about the headline and the overview
    PROSE_UNSUPPORTED = "prose_unsupported"

    # about postprocessing steps
    NOT_VERIFIED = "not_verified"
    INFERRED_LEFT_OUT = "inferred_left_out"
    ITEMS_LEFT_OUT = "items_left_out"
    TRANSLATED = "translated"
    NOT_TRANSLATED = "not_translated"


COUNTED: dict[WarningCode, tuple[str, str]] = {
    WarningCode.NOT_COVERED: ("1 further sentence may tell of an item", "{} further sentences may tell of items"),
    WarningCode.NO_PARTY: ("1 name left out that is no party", "{} names left out that are no parties"),
    WarningCode.IDLE_PARTY: ("1 party without a role left out", "{} parties without a role left out"),
    WarningCode.PARTY_ADDED: ("1 party added that an item names", "{} parties added that items name"),
    WarningCode.KIND_CORRECTED: ("the kind of 1 party corrected", "the kinds of {} parties corrected"),
    WarningCode.DUPLICATE_MERGED: ("1 repeated item merged", "{} repeated items merged"),
    WarningCode.UNRESOLVED_NAME: ("1 name not resolved", "{} names not resolved"),
    WarningCode.ITEM_DROPPED: ("1 malformed item left out", "{} malformed items left out"),
}
"""The warnings of which a brief rendering tells only how many there are, in words for one and for several."""


def counted(warnings: Iterable["SummaryWarning"]) -> tuple[str, ...]:
    """Return how many warnings there are of each code that a brief rendering counts, in words.

    Args:
        warnings: All warnings of a Summary.
    """
    numbers = Counter(warning.code for warning in warnings)
    return tuple(
        one if numbers[code] == 1 else several.format(numbers[code])
        for code, (one, several) in COUNTED.items()
        if numbers[code]
    )


class SummaryWarning(Frozen):
    """Something that a reader should know.

    Attributes:
        code: Its subject, for programs.
        message: A sentence for readers.
        item: The id of the item that it is about; None if it is about the whole Summary.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, title="Warning")

    code: WarningCode
    message: str
    item: str | None = None
