"""The command `commitments` over the stored summaries of a large collection, each time in a process of its own.

The figures are the seconds that a question takes, from the start of the program to its end.
"""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from summariser.schema import Commitment, Evidence, Party, Summary
from summariser.schema.kinds import Deadline
from summariser.schema.summary import DocumentInfo, Run
from summariser.storage.store import Store
from summariser.text import all_states
from tests.benchmarks.measuring import Row, in_turn

_SUMMARIES, _COMMITMENTS = 10_000, 7
_SYLLABLES = "ar bel cor dan el fen gor hal is jor kal lor mar nov or pel quin ros sor tav ul var wen yor zan".split()
_BODIES = ("Gas", "Rail Union", "Port Authority", "Trust", "Tramways", "Water Board", "Foundation", "Dockers' League")
_GROUPS = ("officials", "residents", "the opposition", "ministry", "lenders", "farmers")
_STATUSES = ("agreed", "pledged", "decided", "planned", "proposed", "threatened", "refused")
_VERDICTS = ("supported", "supported", "supported", "not_enough_info", "refuted")
_WORDS = (
    "close open build sell cut raise pay repair move hire train fund ban lift send plant harbour hospital mill".split()
)
_FIRST = date(2030, 1, 1)


def measured() -> Iterator[Row]:
    """Questions for a party, a deadline, words and everything, against the help of the command, which asks nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        fill(path)
        named = Counter(each.name for n in range(100) for each in invented(n).parties if each.kind == "person")
        (person, _), *_ = named.most_common(1)
        for what, options in (
            ("by a person", ["--by", person]),
            ("by a state, verified", ["--by", "Norway", "--verified"]),
            ("pledged, due in two months", ["--due-before", "2030-03-01", "--status", "pledged"]),
            ("two words, recent", ["--text", "harbour closes", "--since", "2032-06-01"]),
            ("all, as text", ["--format", "text"]),
            ("all", []),
        ):
            ask = partial(_run, "commitments", "--store", str(path), "--format", "jsonl", *options)
            ours, theirs = in_turn(ask, partial(_run, "commitments", "--help"))
            yield Row(f"of {_SUMMARIES:,} summaries: {what}", "the help of the command", "seconds", ours, theirs)


def _run(*arguments: str) -> None:
    command = [sys.executable, "-m", "summariser", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# ── an invented collection ───────────────────────────────────────────────────────────────────────


def fill(path: Path, count: int = _SUMMARIES) -> None:
    """Keep invented summaries in a store, always the same ones."""
    with Store(path) as store:
        for number in range(count):
            store.keep(sha256(str(number).encode()).hexdigest(), invented(number))


def invented(number: int) -> Summary:
    """Return a summary with as many parties and commitments as the summaries of the suite have."""
    drawn = random.Random(number)
    parties = _parties(drawn)
    published = _FIRST + timedelta(days=drawn.randrange(1000))
    return Summary(
        document=DocumentInfo(
            source=f"reports/{number:05}.txt",
            sha256=sha256(f"text {number}".encode()).hexdigest(),
            title=None,
            published=published,
            language="en",
            sentences=40,
            characters=6000,
        ),
        headline="Report",
        overview="",
        parties=parties,
        commitments=tuple(_commitment(drawn, f"C{n}", parties, published) for n in range(1, _COMMITMENTS + 1)),
        reactions=(),
        risks=(),
        warnings=(),
        run=Run(
            status="ok" if drawn.random() < 0.98 else "partial",
            prompt="brief@3",
            prompt_sha256="0" * 64,
            model="openai/x",
            requests=1,
            input_tokens=0,
            cached_tokens=0,
            output_tokens=0,
            cost_usd=None,
            seconds=0,
            summariser="0.1.0",
        ),
    )


def _parties(drawn: random.Random) -> tuple[Party, ...]:
    """Return persons, the states of three of them, bodies and a group without a name."""
    names = list(dict.fromkeys(_name(drawn) for _ in range(5)))
    states = sorted(all_states().values(), key=lambda state: state.code)
    of_person = {name: states[random.Random(name).randrange(len(states))] for name in names}
    listed = {state.code: f"P{n}" for n, state in enumerate(dict.fromkeys([*of_person.values()][:3]), 1)}
    found = [_party(id, all_states()[code].name, "state", country=code) for code, id in listed.items()]
    for name in dict.fromkeys(f"{_word(drawn, 300)} {drawn.choice(_BODIES)}" for _ in range(3)):
        found.append(_party(f"P{len(found) + 1}", name, "organisation"))
    for name in names:
        usual = listed.get(of_person[name].code) if drawn.random() < 0.7 else None
        belongs = f"P{drawn.randrange(1, len(found))}" if drawn.random() < 0.01 else usual
        found.append(_party(f"P{len(found) + 1}", name, "person", aliases=(name.split()[1],), affiliation=belongs))
    return (*found, _party(f"P{len(found) + 1}", drawn.choice(_GROUPS), "group"))


def _word(drawn: random.Random, among: int) -> str:
    """Return one of so many invented words; the first ones are frequent."""
    rank = min(int(drawn.paretovariate(0.6)), among)
    own = random.Random(rank)
    return "".join(own.choices(_SYLLABLES, k=3)).capitalize()


def _name(drawn: random.Random) -> str:
    return f"{_word(drawn, 200)} {_word(drawn, 2000)}"


def _party(id: str, name: str, kind: str, *, aliases: Sequence[str] = (), **more: str | None) -> Party:
    return Party.model_validate(
        {"id": id, "name": name, "kind": kind, "aliases": aliases, "affiliation": None, "role": "", "evidence": ()}
        | {"verdict": "not_enough_info", "verified": False}
        | more
    )


def _commitment(drawn: random.Random, id: str, parties: Sequence[Party], published: date) -> Commitment:
    by, to, speaker = (party.id for party in drawn.sample(parties, 3))
    words = " ".join(drawn.choices(_WORDS, k=14))
    due = published + timedelta(days=drawn.randrange(400)) if drawn.random() < 0.3 else None
    verdict = drawn.choice(_VERDICTS)
    quoted = f"“We will {words} and nothing else,” the speaker said, “because that is what was asked of us.”"
    return Commitment.model_validate(
        {
            "id": id,
            "by": (by,),
            "to": (to,) if drawn.random() < 0.5 else (),
            "action": words,
            "status": drawn.choice(_STATUSES),
            "condition": "if the council pays half of it" if drawn.random() < 0.2 else None,
            "deadline": Deadline(text="by then", date=due) if due else None,
            "said_by": speaker,
            "evidence": (Evidence(sentences=(3, 4), start=0, end=len(quoted), text=quoted, match="verbatim"),),
            "verdict": verdict,
            "verified": verdict == "supported",
        }
    )
