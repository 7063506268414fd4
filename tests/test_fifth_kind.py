"""A further kind of items, declared in this file alone, is asked for, linked, grounded, shown and scored."""

from pathlib import Path

from summariser import summarise
from summariser.documents.document import Document
from summariser.evals.gold import frame, load_case
from summariser.evals.run import score_case
from summariser.prompts import library
from summariser.schema import DraftItem, Item, ItemKind, PartyField, declared, summary_type
from summariser.testing import FakeModel
from tests.small_suite import NOTHING


class DraftAppointment(DraftItem):
    by: list[str]
    whom: str
    office: str


class Appointment(Item):
    by: tuple[str, ...]
    whom: str | None
    office: str


APPOINTMENT = ItemKind(
    name="appointment", plural="appointments", letter="A", heading="Appointments", meaning="An office that is filled.",
    draft=DraftAppointment, item=Appointment, text="office", critical=("by", "whom", "wording"),
    parties=(PartyField(name="by", role="speaker", missing="Nobody appoints."), PartyField(name="whom")),
)  # fmt: skip
TEXT = "Arlen fills a post\n\nArlen named Ana Belmar head of the harbour board on Monday. It rained in Veld.\n"
PARTIES = [{"name": "Arlen", "kind": "state"}, {"name": "Ana Belmar", "kind": "person"}]
ASKED = {"by": ["Arlen"], "whom": "Ana Belmar", "office": "head of the harbour board", "sentences": [2]}
PROMPT = library().path("brief", 2).read_text("utf-8").replace('name = "brief"', 'name = "own"') + (
    '\n[[calls.fills]]\npart = "appointments"\nfields = ["sentences", "by", "whom", "office"]\n'
)
GOLD = """parties: [{id: P1, name: Arlen, kind: state, evidence: [[2]]},
  {id: P2, name: Ana Belmar, kind: person, evidence: [[2]]}]
appointments: [{id: A1, by: [P1], whom: P2, office: head of the harbour board, evidence: [[2]], words: head of the}]
"""


def test_it_goes_the_whole_way(tmp_path: Path):
    header = dict.fromkeys(("licence", "origin", "who", "annotator"), "x") | {"kind": "person", "file": "a.txt"}
    (tmp_path / "c").mkdir()
    for name, text in (("c/a.txt", TEXT), ("own.toml", PROMPT)):
        (tmp_path / name).write_text(text, "utf-8")
    labels = frame(Document.from_text(TEXT), case="c", split="dev", **header).split("parties: []")[0]
    (tmp_path / "c/gold.yaml").write_text(labels + GOLD, "utf-8")
    with declared(APPOINTMENT):
        asked = FakeModel({**NOTHING, "parties": PARTIES, "appointments": [ASKED]})
        summary = summarise(TEXT, model=asked, prompt=str(tmp_path / "own.toml"))
        assert "appointments" in asked.requests[0]["response_format"]["json_schema"]["schema"]["properties"]
        (item,) = summary_type().model_validate_json(summary.to_json()).of(APPOINTMENT)
        assert (item.id, item.by, item.whom, item.sentences, item.verified) == ("A1", ("P1",), "P2", (2,), True)
        assert "## Appointments" in summary.to_markdown()
        counts = score_case(load_case(tmp_path / "c"), summary).counts["appointments"]
        assert (counts.gold, counts.predicted, counts.strict) == (1, 1, 1)
