"""The turns of a transcript and their speakers: which labels begin a turn."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import dropwhile

from summariser.documents.speakers.initials import letters_in, person_with
from summariser.documents.speakers.label_kinds import (
    UNKNOWN,
    is_initials,
    is_letter,
    is_lower_case,
    is_numbered,
    is_speakers_role,
    is_unnamed,
    is_unresolved,
    is_without_case,
    questions_and_answers,
)
from summariser.documents.speakers.labels import Label, labels_in, labels_of
from summariser.text import is_name, is_role, is_titled, lexicon, name_in_label, state_named

_PLAIN = re.compile(r"[^\W\d_]+")
_AFTER_ARTICLE = re.compile(
    r"\b(?i:der|die|das|den|dem|des|einen?|einem|einer|eines|zum|zur|im|am|vom|beim) ([^\W\d_]+)"
)
_FEWEST_TURNS = 4
_FEWEST_PARAGRAPHS = 2  # in a text that is no transcript, in languages in which nothing else shows that somebody speaks
_FEWEST_HEADINGS = 3  # of the same words before lists and titles, which are no speaker
_SPOKEN = 0.5  # of the labels; most are followed by sentences in a text with full stops
_ENDS_SPEECH = re.compile(r"[.!?…–—。！？][\"'”’»)\]」』*_ ]*$|-{2,}$")
_FEWEST_ADDRESSES = 0.25  # of the turns; in them the speaker says "I", "we" or "you", or asks something
_FEWEST_ADDRESSES_ALONE = 0.5  # likewise, if lines without a colon are labels
_MAY_BE_INITIALS = (is_initials, is_name)
_NEED_SUBJECTS = frozenset({"de", "en", "fr"})  # languages in which a speaker has to say "I" or "we"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a speaker in a transcript.

    Attributes:
        label: The label of the speaker, without colon and time.
        start: The offset at which the line with the label begins, for example with a time.
        span: The offsets at which the label begins and ends.
        spoken: The offset at which the speech begins.
        speaker: The name of the speaker; "" if the label has no name or may not be a speaker's.
        party: The name by which the speaker is a party: an unknown speaker has that of the label; "" if the label may
            be a heading or is that of a question or an answer.
        sentence: The number of the sentence in which the turn begins.

    A turn that goes on after an interjection is the same turn with another `start`.
    """

    label: str
    start: int = field(compare=False)
    span: tuple[int, int]
    spoken: int
    speaker: str = ""
    party: str = ""
    sentence: int = field(default=0, compare=False)

    @property
    def asks(self) -> bool:
        """True if the turn has the label of a question."""
        return self._is_labelled("question_labels")

    @property
    def answers(self) -> bool:
        """True if the turn has the label of an answer."""
        return self._is_labelled("answer_labels")

    def _is_labelled(self, name: str) -> bool:
        return self.label.casefold().strip(".") in lexicon.words(name)


def turns_in(text: str, language: str | None, speakers: Sequence[str] = ()) -> list[Turn]:
    """Return the turns of a transcript in order.

    Names before a full stop count as labels only if the labels with a colon do not make the text a transcript, names
    before a dash only if those do not either, and lines of a name only if nothing else does. In a text that is no
    transcript, a turn is one paragraph with the label of a speaker who says "I", "we" or "you" in it; the text after it
    is a turn without a label.

    Args:
        text: The text of the document.
        language: The language of the text.
        speakers: The labels before a colon that the file marks as those of speakers; then no others count.
    """
    if speakers:
        marked = labels_of(speakers, text, language)
        by_speaker = _Labels(marked, text, language)
        return [by_speaker.turn(label) for label in marked]
    found = labels_in(text, language)
    undashed = [label for label in found if not label.dashed]
    signed = [label for label in undashed if not label.alone]
    with_colon = [label for label in signed if not label.of_record]
    dashed = [label for label in found if label.dashed or not label.alone]
    for labels in (with_colon, signed, dashed, undashed):
        transcript = _Labels(labels, text, language)
        if transcript.are_of_transcript():
            return transcript.with_dashed(found).turns()
    return _Labels(with_colon, text, language).turns_of_paragraphs()


def numbered(turns: Sequence[Turn], sentences: Sequence[int]) -> list[Turn]:
    """Return the turns with the numbers of the sentences in which they begin.

    Args:
        turns: The turns.
        sentences: The offsets at which the sentences of the document begin.
    """
    return [replace(turn, sentence=bisect_right(sentences, turn.span[0])) for turn in turns]


def turn_at(turns: Sequence[Turn], start: int) -> Turn | None:
    """Return the last turn that begins at or before an offset; None if there is none or it is a stage direction."""
    place = bisect_right(turns, start, key=lambda turn: turn.start)
    return turns[place - 1] if place and turns[place - 1].label else None


# ── which labels begin turns ─────────────────────────────────────────────────────────────────────


class _Labels:
    """The possible labels of one text.

    Args:
        labels: The labels in order.
        text: The text.
        language: The language of the text.
    """

    def __init__(self, labels: Sequence[Label], text: str, language: str | None) -> None:
        self._text, self._language = text, language
        self._labels = self._without_headings(labels)
        self._often = Counter(label.key for label in labels)

    def with_dashed(self, found: Sequence[Label]) -> "_Labels":
        """Return also the labels before a dash of speakers whom a label before a colon names, and of whole names.

        Args:
            found: All possible labels in order.
        """
        own = set(self._labels)
        keys = {label.key for label in own if self.begins_turn(label)}
        labels = [
            label
            for label in found
            if label in own or (label.dashed and (label.key in keys or self._sets_apart(label)))
        ]
        return _Labels(labels, self._text, self._language) if len(labels) > len(own) else self

    def _sets_apart(self, label: Label) -> bool:
        """Return True if a whole name before a dash begins a paragraph: somebody may speak there, as yet unknown."""
        before = self._text[: label.start].rstrip(" \t")
        return label.kind is is_name and " " in label.who and (not before or before.endswith("\n\n"))

    def _without_headings(self, labels: Sequence[Label]) -> list[Label]:
        """Leave out names that recur before lists and titles only, such as "Referred to:"; nobody says these."""
        spoken = [self._is_spoken(label) for label in labels]
        if sum(spoken) < _SPOKEN * len(labels):
            return list(labels)
        often = Counter(label.text for label in labels)
        said = {label.text for label, is_spoken in zip(labels, spoken, strict=True) if is_spoken}
        return [
            label
            for label in labels
            if label.marked
            or label.kind not in (is_name, is_without_case)
            or often[label.text] < _FEWEST_HEADINGS
            or label.text in said
        ]

    def _is_spoken(self, label: Label) -> bool:
        """Return True if the paragraph after a label ends as a sentence does."""
        return _ENDS_SPEECH.search(self._text[slice(*self._paragraph(label))].rstrip()) is not None

    def are_of_transcript(self) -> bool:
        """Return True if there are enough labels, at least half of them recur, and their speakers address somebody.

        Labels without a colon must recur for two speakers, or for one if others have the form "ANA BELMAR (PI)."
        """
        labels = [label for label in self._labels if self._counts(label)]
        recurring = [label for label in labels if self._recurs(label) and not self._is_common_noun(label)]
        once = [label for label in labels if label.marked and not label.of_record and not self._recurs(label)]
        if len(labels) < _FEWEST_TURNS or 2 * len(recurring + once) < len(labels) or not recurring:
            return False
        if any(label.dashed for label in labels) and not self._are_persons(recurring):
            return False
        if any(label.alone or label.of_record or label.dashed for label in labels):
            several = len({label.key for label in recurring} | self._in_capitals(labels)) > 1
            return several and self._address(_FEWEST_ADDRESSES_ALONE)
        return self._address(_FEWEST_ADDRESSES)

    def _in_capitals(self, labels: Sequence[Label]) -> set[str]:
        """Return the keys of whole names in capitals with an addition, as in records: "ANA BELMAR, ministra."."""
        names = (label for label in labels if label.of_record and label.kind is is_name and label.who.isupper())
        return {label.key for label in names if " " in label.who and label.text != label.who}

    def _counts(self, label: Label) -> bool:
        """Return True if a label can show that the text is a transcript: not in lower case, of no unknown form."""
        if label.kind in (is_unresolved, is_lower_case):
            in_chat = label.kind is is_lower_case and label.signed and self._lower_case_recurring > 1
            return self._recurs(label) and (label.marked or in_chat)
        if label.kind in (is_initials, is_numbered):
            abbreviation = state_named(label.who) is not None or self._is_lead(label)
            return bool(self._named(label)) or (self._recurs(label) and not abbreviation)
        return label.kind is not is_unnamed

    @cached_property
    def _lower_case_recurring(self) -> int:
        """The number of different labels in lower case that recur: "ana belmar: …", as some tools write them."""
        return len({label.key for label in self._labels if label.kind is is_lower_case and self._recurs(label)})

    def _are_persons(self, labels: Sequence[Label]) -> bool:
        """Return True if labels before a dash are those of persons, and not places of datelines or headings."""
        if any(label.kind is not is_name or is_titled(label.who) or self._has_full_name(label) for label in labels):
            return True
        asked = self._language in _NEED_SUBJECTS or "?" in self._text
        return asked and any(" " in label.who for label in labels)

    def _has_full_name(self, label: Label) -> bool:
        """Return True if the text has another name before a label of one word: "Ana Belmar" for "BELMAR"."""
        surname = rf"(?i:{re.escape(label.who)})"
        found = re.finditer(rf"\b([^\W\d_][\w'’-]+[^\S\n]{surname})\b", self._text) if " " not in label.who else ()
        return any(is_name(each[1], self._language) and not each[1].isupper() for each in found)

    def _is_lead(self, label: Label) -> bool:
        """Return True if capitals are a word of the language that stands before a colon: "NO"."""
        return label.who.casefold() in lexicon.words("lead_words", self._language)

    def _named(self, label: Label) -> str:
        """Return the person named before the labels whose initials a label has, or ""."""
        letters = letters_in(label.who)
        if not letters or label.kind not in _MAY_BE_INITIALS:
            return ""
        return person_with(letters, self._text, self._first_initials, self._language)

    @cached_property
    def _first_initials(self) -> int:
        """The offset of the first label that has the form of initials."""
        return next((label.start for label in self._labels if letters_in(label.who)), 0)

    def begins_turn(self, label: Label) -> bool:
        """Return True if the label is a speaker's, though it may occur only once."""
        if not self._recurs(label):
            return self._begins_turn_once(label)
        return label.kind is not is_initials or bool(self._named(label)) or not self._is_lead(label)

    def _begins_turn_once(self, label: Label) -> bool:
        if label.kind in (is_unnamed, is_speakers_role, is_lower_case):
            return True
        if label.kind in (is_numbered, is_without_case):
            return False
        if label.kind is is_unresolved:
            return label.text.endswith((")", "]")) or (label.marked and self._are_marked)
        if label.kind is is_initials:
            return bool(self._named(label)) or self._stands_alone(label)
        if label.kind is is_letter:
            return label.who.isupper() and label.text.casefold() in questions_and_answers()
        return not self._has_common_words(label)

    def turns(self) -> list[Turn]:
        """Return the turns; lines before the first one that may be headings begin none."""
        labels = (label for label in self._labels if self.begins_turn(label))
        return [self.turn(label) for label in dropwhile(self._may_be_heading, labels)]

    def turns_of_paragraphs(self) -> list[Turn]:
        """Return the turns of single paragraphs, and a turn without a label after each, in a text with few labels."""
        labels = [
            label
            for label in self._labels
            if label.kind not in UNKNOWN
            and self.begins_turn(label)
            and self._is_spoken(label)
            and self._addresses(*self._paragraph(label))
        ]
        certain = [label for label in labels if self._is_certain_alone(label)]
        if len(certain) < (1 if self._language in _NEED_SUBJECTS else _FEWEST_PARAGRAPHS):
            return []
        found: list[Turn] = []
        for label in labels:
            _, end = self._paragraph(label)
            found += [self.turn(label), Turn("", end, (end, end), end)]
        return found

    def _is_certain_alone(self, label: Label) -> bool:
        """Return True if a label has the form of a speaker's without any other label: a full name or a role."""
        if label.kind is is_speakers_role:
            return label.who.split()[0].casefold() not in lexicon.words("determiners") | lexicon.words("label_articles")
        return label.kind is is_name and self._is_certain(label) and (label.marked or " " in label.who)

    def _paragraph(self, label: Label) -> tuple[int, int]:
        """Return where the words after a label begin, and where their line ends."""
        end = self._text.find("\n", label.spoken)
        return label.spoken, len(self._text) if end < 0 else end

    def turn(self, label: Label) -> Turn:
        """Return the turn that the label begins; its speaker is unknown if the label may be a heading."""
        if name := self._named(label):
            return replace(turn_of(label, known=False), speaker=name, party=name)
        if label.dashed and not self._recurs(label) and any(each.signed and not each.dashed for each in self._labels):
            return turn_of(label, known=False, heading=True)
        known = label.kind in (is_name, is_speakers_role) and (self._recurs(label) or self._is_certain(label))
        return turn_of(label, known=known or label.kind is is_without_case, heading=self._may_be_heading(label))

    def _may_be_heading(self, label: Label) -> bool:
        return label.alone and not self._recurs(label) and not self._is_certain(label)

    def _stands_alone(self, label: Label) -> bool:
        """Return True if initials occur only in their label; those of a state if other labels are states too."""
        if state_named(label.who):
            return any(other.kind is is_name and state_named(other.who) for other in self._labels)
        return self._words[label.who] <= 1 and not self._is_lead(label)

    @cached_property
    def _are_marked(self) -> bool:
        """True if most labels have a time or brackets, as in chats."""
        return 2 * sum(label.marked for label in self._labels) > len(self._labels)

    def _recurs(self, label: Label) -> bool:
        return self._often[label.key] > 1

    def _is_certain(self, label: Label) -> bool:
        """Return True if a label that occurs only once has the form of a name, or the text has the name elsewhere."""
        if label.marked or label.alone:
            return label.marked
        return " " in label.who or all(self._words[word] > 1 for word in _PLAIN.findall(label.who))

    def _is_common_noun(self, label: Label) -> bool:
        """Return True if the label is one word that may be no name, as the text has it in lower case."""
        return label.kind is is_name and " " not in label.who and self._has_common_words(label)

    def _has_common_words(self, label: Label) -> bool:
        """Return True if the text has each word of the label in lower case, or in German after an article."""
        words = _PLAIN.findall(label.who)
        return all(word.lower() in self._words or word in self._nouns for word in words)

    @cached_property
    def _nouns(self) -> frozenset[str]:
        """The words of a German text that stand after an article."""
        return frozenset(_AFTER_ARTICLE.findall(self._text)) if self._language == "de" else frozenset()

    @cached_property
    def _words(self) -> Counter[str]:
        """The words of the text with their frequencies."""
        return Counter(_PLAIN.findall(self._text))

    def _address(self, share: float) -> bool:
        """Return True if the speaker says "I", "we" or "you", or asks something, in this share of the turns."""
        labels = [label for label in self._labels if label.kind not in UNKNOWN or self._counts(label)]
        ends = [label.start for label in labels[1:]] + [len(self._text)]
        addresses = (self._addresses(label.spoken, end) for label, end in zip(labels, ends, strict=True))
        return sum(addresses) >= share * len(labels)

    def _addresses(self, start: int, end: int) -> bool:
        """Return True if there are words of a speaker between two offsets; in some languages nothing shows it."""
        if self._language not in _NEED_SUBJECTS:
            return True
        return _address(self._language).search(self._text, start, end) is not None


@cache
def _address(language: str) -> re.Pattern[str]:
    """Return a pattern of "I", "we" and "you" in a language, and of a question."""
    pronouns = lexicon.pronouns(language)
    words = [p.word for p in pronouns if p.referent in ("own", "addressee") and p.form in ("subject", "any")]
    return re.compile(rf"\b(?:{'|'.join(words)})\b|\?", re.IGNORECASE)


def turn_of(label: Label, *, known: bool, heading: bool = False) -> Turn:
    """Return the turn of a label; an unknown speaker is a party by the label.

    Args:
        label: The label.
        known: True if the label has the name or the role of a speaker.
        heading: True if it may be a heading, which is no party.
    """
    name = name_in_label(label.text) if known and label.kind is not is_without_case else ""
    if label.kind is is_without_case and not is_role(label.who):
        name = label.who
    turn = Turn(label.text, label.start, label.span, label.spoken, name)
    anonymous = heading or turn.asks or turn.answers
    return replace(turn, party=name or ("" if anonymous else label.text))
