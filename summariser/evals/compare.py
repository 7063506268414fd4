"""The comparison of two runs on the same cases: differences in F1, their significance, and the items that flipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from summariser.errors import InputError
from summariser.evals import gate
from summariser.evals.run_record import RunRecord
from summariser.evals.statistics import Difference, Part, difference, holm
from summariser.schema import KindName, claim_names, kind_names

SIGNIFICANT = 0.05  # corrected p-value below which a difference counts


@dataclass(frozen=True)
class Comparison:
    """The comparison of run B with run A.

    Attributes:
        a: The name of run A.
        b: The name of run B.
        documents: The number of cases that both runs scored.
        strict: The differences in strict F1 by kind, with p-values corrected for the number of kinds.
        detection: The same for detection F1.
        together: The difference in strict F1 of all claims pooled, with an uncorrected p-value; the verdict ignores it.
        together_detection: The same for detection F1.
        flips: The items with another outcome in run B.
    """

    a: str
    b: str
    documents: int
    strict: dict[KindName, Difference]
    detection: dict[KindName, Difference]
    together: Difference
    together_detection: Difference
    flips: tuple[gate.Flip, ...]

    @property
    def better(self) -> list[KindName]:
        """The kinds in which B is significantly better in strict F1."""
        return [kind for kind, found in self.strict.items() if _significant(found) and (found.value or 0) > 0]

    @property
    def worse(self) -> list[KindName]:
        """The kinds in which B is significantly worse in strict F1."""
        return [kind for kind, found in self.strict.items() if _significant(found) and (found.value or 0) < 0]

    @property
    def verdict(self) -> str:
        """The conclusion about strict F1 in words, with a false alarm in at most 5% of comparisons."""
        sentences = []
        if self.better:
            sentences.append(f"{self.b} is better than {self.a} in {_listed(self.better)}.")
        if self.worse:
            sentences.append(f"{self.b} is worse than {self.a} in {_listed(self.worse)}.")
        open_ = [kind for kind in kind_names() if kind not in self.better and kind not in self.worse]
        if open_:
            visible = [f"{kind} {_visible(self.strict[kind])}" for kind in open_]
            sentences.append(
                f"Cannot tell in {_listed(open_)}; smallest difference visible with this gold: {', '.join(visible)}."
            )
        return " ".join(sentences)


def compare(a: RunRecord, b: RunRecord) -> Comparison:
    """Compare two runs on the cases that both scored.

    Raises:
        InputError: The runs have no common case, or differ in the version of the metric, in the gold labels of a case,
            or in the text of the same version of a prompt.
    """
    if a.metric != b.metric:
        raise InputError(
            "The two runs were scored by different versions of the metric; run 'summariser eval rescore' on both."
        )
    if a.prompt == b.prompt and a.prompt_sha256 != b.prompt_sha256:
        raise InputError(
            f"The two runs were made with different texts of {a.prompt}; give one of the texts a new version and run "
            "it again."
        )
    scored_by_b = {case.case for case in b.scored}
    cases = [case.case for case in a.scored if case.case in scored_by_b]
    if not cases:
        raise InputError("The two runs have no case in common; run both on the same suite and split.")
    _require_same_gold(a, b, set(cases))
    name_a, name_b = _names(a, b)
    before, now = ({c.case: gate.outcome(c) for c in run.scored if c.case in cases} for run in (a, b))
    return Comparison(
        a=name_a,
        b=name_b,
        documents=len(cases),
        strict=_by_kind(a, b, cases, strict=True),
        detection=_by_kind(a, b, cases, strict=False),
        together=difference(*_parts(a, b, cases, claim_names(), strict=True)),
        together_detection=difference(*_parts(a, b, cases, claim_names(), strict=False)),
        flips=tuple(gate.flips(before, now)),
    )


def _require_same_gold(a: RunRecord, b: RunRecord, cases: set[str]) -> None:
    """Raise InputError if a case has other gold labels in one of the runs."""
    gold = [{c.case: (c.sha256, c.gold_sha256) for c in run.scored if c.case in cases} for run in (a, b)]
    changed = sorted(case for case in cases if gold[0][case] != gold[1][case])
    if changed:
        raise InputError(
            f"The two runs were scored against different gold of {', '.join(changed)}; run 'summariser eval rescore' "
            "on the older one."
        )


def _by_kind(a: RunRecord, b: RunRecord, cases: Sequence[str], *, strict: bool) -> dict[KindName, Difference]:
    """Return the differences by kind, with p-values corrected for the number of kinds."""
    found = [
        difference(*_parts(a, b, cases, [kind], strict=strict), comparisons=len(kind_names())) for kind in kind_names()
    ]
    corrected = holm([each.p for each in found])
    return {kind: replace(each, p_holm=p) for kind, each, p in zip(kind_names(), found, corrected, strict=True)}


def _parts(
    a: RunRecord, b: RunRecord, cases: Sequence[str], kinds: Sequence[KindName], *, strict: bool
) -> tuple[list[Part], list[Part]]:
    ours, theirs = a.parts(kinds, strict=strict), b.parts(kinds, strict=strict)
    return [ours[case] for case in cases], [theirs[case] for case in cases]


def _names(a: RunRecord, b: RunRecord) -> tuple[str, str]:
    """Return the names of two runs: their prompts or models, whichever differ, or both."""
    if a.model == b.model and a.prompt != b.prompt:
        return a.prompt, b.prompt
    if a.prompt == b.prompt and a.model != b.model:
        return a.model, b.model
    if (a.prompt, a.model) == (b.prompt, b.model):
        return "A", "B"
    return f"{a.prompt} with {a.model}", f"{b.prompt} with {b.model}"


def _significant(found: Difference) -> bool:
    return found.p_holm < SIGNIFICANT


def _visible(found: Difference) -> str:
    return "none" if found.visible is None else f"{found.visible:.2f}"


def _listed(kinds: Sequence[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"
