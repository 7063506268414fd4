"""The command `summariser eval gold agree`."""

from summariser.cli.eval.common import DEFAULT_SUITE, CaseNames, SuiteFolder, load_suite
from summariser.cli.output import write
from summariser.errors import InputError


def agree(suite: SuiteFolder = DEFAULT_SUITE, case: CaseNames = None) -> None:
    """Measure the agreement of two annotators.

    Prints F1 of the items, by the metric of the suite, and Krippendorff's alpha of the fields.
    """
    loaded = load_suite(suite)
    from summariser.evals import metric
    from summariser.evals.agreement import A_FILE, agreement, alphas, annotated
    from summariser.evals.gold.models import GOLD_FILE
    from summariser.evals.metric import Counts
    from summariser.evals.report.rows import figure
    from summariser.schema import kind_named, kind_names

    for name in case or ():
        if (suite / "gold" / name / A_FILE).exists() and not (suite / "gold" / name / GOLD_FILE).exists():
            raise InputError(f"Case {name} is not adjudicated; start its gold with 'summariser eval gold adjudicate'.")
    twice = [found for each in loaded.chosen("all", case or ()) if (found := annotated(each))]
    if not twice:
        raise InputError(f"No case of {suite} has labels of two annotators; add them with 'gold new --annotator a'.")
    total = {kind: Counts() for kind in kind_names()}
    for found in twice:
        for kind, counts in agreement(found).items():
            total[kind].add(counts)
    fields = alphas(twice)
    write(f"{len(twice)} cases, labelled twice\n")
    for kind in kind_names():
        strict, detection = (metric.f_score(total[kind], strict=strict) for strict in (True, False))
        alpha = f"  alpha of {kind_named(kind).label} {figure(fields[kind])}" if kind in fields else ""
        write(f"{kind:<12} strict F1 {figure(strict)}  detection F1 {figure(detection)}{alpha}\n")
