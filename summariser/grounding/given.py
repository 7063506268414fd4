"""Given claims: what a caller gives to be checked, as claims with fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Number

from summariser.documents import Document
from summariser.errors import InputError
from summariser.grounding.actors import Actor
from summariser.grounding.claims import Claim, Field, Role
from summariser.linking import LinkedParty, parties_named
from summariser.linking.actor_kinds import guess_kind
from summariser.schema import DraftParty, Evidence, Item, ItemKind, Stance, Status, Summary, claims, ids_in
from summariser.text import clean

Given = Summary | str | Sequence[str | Mapping[str, Any]]
"""Claims as a caller gives them: a Summary, a text whose sentences are the claims, or a list of texts or mappings."""


@dataclass(frozen=True)
class GivenClaim:
    """One claim as it was given.

    Attributes:
        id: Its id, or its number from 1.
        text: Its text, for a reader.
        statements: What is to be checked; the claim is supported if each of them is.
        evidence: The evidence that a Summary has for it in the very document; empty if it is to be found.
    """

    id: str
    text: str
    statements: tuple[Claim, ...]
    evidence: tuple[Evidence, ...] = ()


def given_claims(given: Given, document: Document, *, most: int) -> tuple[list[GivenClaim], list[Actor]]:
    """Return claims as they are checked against a document, and the actors that they name.

    Args:
        given: The claims.
        document: The document; it decides what a name in a claim means.
        most: The highest number that a sentence has, in any of the documents.

    Raises:
        InputError: There are no claims, one of them has the wrong form, or it cites a sentence that does not exist.
    """
    if isinstance(given, Summary):
        return _of_summary(given, document)
    forms = list(_forms(given))
    if not forms:
        raise InputError("There are no claims; give at least one.")
    _require_sentences(forms, most)
    names = dict.fromkeys(name for form in forms for name in (*form.by, *form.said_by, *form.to))
    actors = _actors({name: _party(name) for name in names}, document)
    made = [
        GivenClaim(form.id or str(n), form.text, form.statements(actors, document)) for n, form in enumerate(forms, 1)
    ]
    return made, list(actors.values())


# ── texts and mappings ───────────────────────────────────────────────────────────────────────────


def _require_sentences(forms: "Sequence[_Form]", most: int) -> None:
    for number, form in enumerate(forms, 1):
        if missing := [str(each) for each in form.sentences if each > most]:
            one = len(missing) == 1
            cited = f"sentence {missing[0]}, which does" if one else f"the sentences {', '.join(missing)}, which do"
            raise InputError(f"Claim {number} cites {cited} not exist; give numbers from 1 to {most}.")


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"\w")]
_Name = Annotated[_Text, StringConstraints(max_length=300)]
_Names = Annotated[tuple[_Name, ...], BeforeValidator(_listed)]

_Number = Annotated[int, Number(ge=1, strict=True)]


class _Form(BaseModel):
    """One claim as a mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: _Text
    id: Annotated[str, BeforeValidator(_as_text)] = ""
    sentences: tuple[_Number, ...] = ()
    words: str = ""
    by: _Names = ()
    said_by: _Names = ()
    to: _Names = ()
    condition: str = ""
    deadline: str = ""
    status: Status | None = None
    stance: Stance | None = None

    def statements(self, actors: Mapping[str, Actor], document: Document) -> tuple[Claim, ...]:
        """Return a claim for each sentence of the text; one for all of it if it has further fields or a citation.

        Args:
            actors: The actors that the claim names.
            document: The document; its dateline is no part of a claim that begins with it.
        """
        further = tuple(self._fields(actors))
        if further or self.sentences or self.words:
            return (self._claim(_without_dateline(self.text, document), *further),)
        return tuple(self._claim(_without_dateline(sentence, document)) for sentence in sentences_of(self.text))

    def _claim(self, text: str, *further: Field) -> Claim:
        fields = (Field("text", "claim", text), *further)
        return Claim(fields, self.sentences, self.words, negated=self.status == "refused")

    def _fields(self, actors: Mapping[str, Actor]) -> Iterator[Field]:
        roles: dict[str, Role] = {"by": "actor", "said_by": "speaker", "to": "recipient"}
        for name, role in roles.items():
            if named := tuple(actors[each] for each in getattr(self, name)):
                yield Field(name, role, ", ".join(actor.name for actor in named), named)
        terms: tuple[Role, ...] = ("condition", "deadline", "status", "stance")
        for role in terms:
            if value := getattr(self, role):
                yield Field(role, role, str(value))


def _forms(given: object) -> Iterator[_Form]:
    if isinstance(given, str):
        given = sentences_of(given)
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise InputError(
            f"The claims are of the type {type(given).__name__}; pass a Summary, a str, or a list of str or dict."
        )
    for number, each in enumerate(given, 1):
        yield _form(each, number)


def _form(each: object, number: int) -> _Form:
    if not isinstance(each, str | Mapping):
        raise InputError(f"Claim {number} is of the type {type(each).__name__}; pass a str, or a dict with a text.")
    try:
        return _Form.model_validate({"text": each} if isinstance(each, str) else dict(each))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        fields = ", ".join(_Form.model_fields)
        raise InputError(f"Claim {number}: {where}: {first['msg']}; a claim may have {fields}.") from None


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text that have a word or a number, each on one line."""
    if not any(character.isalnum() for character in text):
        return []
    found = (" ".join(sentence.text.split()) for sentence in Document.from_text(text, source="claims").sentences)
    return [sentence for sentence in found if any(character.isalnum() for character in sentence)]


def _without_dateline(text: str, document: Document) -> str:
    """Return a text without the dateline of the document, if it begins with the very words and something follows."""
    given = " ".join(text.split())
    for sentence in document.content:
        start, said = document.said(sentence)
        words = " ".join(sentence.text[: start - sentence.start].split())
        if words and said.strip() and given.startswith(f"{words} "):
            return given[len(words) :].lstrip()
    return text


def _party(name: str) -> DraftParty:
    return DraftParty(name=clean(name), kind=guess_kind(name, has_full_name=False))


# ── a Summary ────────────────────────────────────────────────────────────────────────────────────


def _of_summary(summary: Summary, document: Document) -> tuple[list[GivenClaim], list[Actor]]:
    """Return the items of a Summary, without parties and inferred items, and its parties as actors."""
    names = {party.id: party.name for party in summary.parties}
    parties = {
        party.name: DraftParty(
            name=party.name,
            kind=party.kind,
            aliases=list(party.aliases),
            affiliation=names.get(party.affiliation or ""),
        )
        for party in summary.parties
    }
    found = _actors(parties, document)
    actors = {id: found[name] for id, name in names.items()}
    same = summary.document.sha256 == document.sha256
    made = [
        GivenClaim(
            item.id, _in_words(kind, item, summary), (_claim(kind, item, actors),), item.evidence if same else ()
        )
        for kind in claims()
        for item in summary.of(kind)
        if not item.inferred
    ]
    if not made:
        raise InputError("The summary has no items that could be checked; give another.")
    return made, list(actors.values())


def _in_words(kind: ItemKind, item: Item, summary: Summary) -> str:
    """Return an item as one sentence."""
    return kind.as_claim(item, lambda ids: ", ".join(map(summary.name, ids)))


def _claim(kind: ItemKind, item: Item, actors: Mapping[str, Actor]) -> Claim:
    """Return an item of a Summary as a Claim."""
    fields = [Field(kind.text, "risk" if kind.possible else "text", kind.text_of(item))]
    for each in kind.parties:
        named = tuple(actors[id] for id in ids_in(item, each.name))
        if named or each.missing:
            fields.append(Field(each.name, each.role, ", ".join(actor.name for actor in named), named))
    for name in kind.terms:
        if said := getattr(item, name):
            fields.append(Field(name, "condition" if name == "condition" else "deadline", getattr(said, "text", said)))
    if kind.target:
        target = getattr(item, kind.target)
        fields.append(Field(kind.target, "target", target.text, tuple(actors[i] for i in (target.id,) if i in actors)))
    if kind.label in ("status", "stance"):
        fields.append(
            Field(kind.label, "status" if kind.label == "status" else "stance", str(getattr(item, kind.label)))
        )
    return Claim(
        fields=tuple(fields),
        words=" … ".join(e.text for e in item.evidence if e.text and not item.quotes_well),
        negated=kind.refusal is not None and getattr(item, kind.label or "") == kind.refusal,
        conditional="condition" in kind.terms,
    )


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _actors(parties: Mapping[str, DraftParty], document: Document) -> dict[str, Actor]:
    """Return the actor that each name means in the document, with all its names there, by the name."""
    known = parties_named(parties, document)
    names = {party.id: party.name for party in known.values()}
    return {
        name: _actor(known[name], names)
        if name in known
        else Actor(party.name, frozenset((party.name, *party.aliases)), person=party.kind == "person")
        for name, party in parties.items()
    }


def _actor(party: LinkedParty, names: Mapping[str, str]) -> Actor:
    return Actor(
        name=party.name,
        names=party.names,
        person=party.kind == "person",
        bare=party.bare,
        belongs_to=names.get(party.affiliation or "", ""),
    )
