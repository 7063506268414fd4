"""A run as JUnit XML: a test case for each case of the suite, and one for the suite as a whole."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from summariser.evals.gate import Failure
from summariser.evals.run_record import RunRecord


def junit(runs: Sequence[tuple[RunRecord, Sequence[Failure]]]) -> str:
    """Return runs and their failures of the gate as JUnit XML, which CI systems read."""
    root = Element("testsuites", name="summariser eval")
    for record, failures in runs:
        name = f"{record.suite}: {record.prompt} with {record.model}"
        suite = SubElement(root, "testsuite", name=name, tests=str(len(record.cases) + 1))
        suite.set("failures", str(len({failure.case for failure in failures})))
        suite.set("errors", str(sum(case.error is not None for case in record.cases)))
        suite.set("skipped", "0")
        for case in record.cases:
            own = [failure for failure in failures if failure.case == case.case]
            _case(suite, name, case.case, own, case.error)
        _case(suite, name, "the whole suite", [failure for failure in failures if failure.case is None], None)
    text = tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{_without_controls(text)}\n"


def _case(suite: Element, class_name: str, name: str, failures: Sequence[Failure], error: str | None) -> None:
    case = SubElement(suite, "testcase", classname=class_name, name=name)
    if error is not None:
        SubElement(case, "error", message=error)
    if failures:
        failure = SubElement(case, "failure", message=failures[0].message)
        failure.text = "\n".join(failure.message for failure in failures)


def _without_controls(text: str) -> str:
    """Return a text without control characters, which XML 1.0 does not allow even if escaped."""
    return "".join(c for c in text if c >= " " or c in "\n\t")
