"""The command `summariser eval calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

from summariser.cli.configuration import command_settings
from summariser.cli.eval.common import DEFAULT_SUITE, SuiteFolder, load_suite
from summariser.cli.options import Config
from summariser.cli.output import write


def calibrate(
    suite: SuiteFolder = DEFAULT_SUITE,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="File for the calibration; the program reads the one in its own package."),
    ] = Path("summariser/grounding/calibration.json"),
    config: Config = None,
) -> None:
    """Fit the confidence of claims on the recorded answers of the split dev.

    Replays all recordings of the suite, fits a logistic regression of "every critical field is right" on what the
    checks say, and writes its weights with their reliability table. No other command changes them.
    """
    settings = command_settings(config)
    loaded = load_suite(suite)
    from summariser.evals.calibration import calibrated, measures, recorded_claims
    from summariser.evals.recordings import dumps, write_whole

    fitted = calibrated(loaded, settings)
    write_whole(output, dumps(fitted.model_dump(mode="json")))
    write(f"{output}: {len(fitted.weights)} weights from {fitted.claims} claims of {', '.join(fitted.recordings)}.\n\n")
    write("claims  confidence  right\n")
    for each in fitted.reliability:
        write(f"{each.claims:6}  {each.confidence:10.2f}  {each.right:5.2f}\n")
    write("\nThe same weights on test:\n")
    for measure in measures(recorded_claims(loaded, settings, "test"), fitted):
        auroc = "–" if measure.auroc is None else f"{measure.auroc:.2f}"
        write(
            f"{measure.name}: {len(measure.judged)} claims, right {measure.right:.2f}, "
            f"Brier score {measure.brier:.3f}, calibration error {measure.calibration_error:.3f}, AUROC {auroc}\n"
        )
