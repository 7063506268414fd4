"""Install the built wheel into an environment of its own and run the fast tests against it, the source tree gone.

Run by `make wheel-test` as `python tests/wheel_check.py dist python3`, with the Python that the environment is made of.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main(dist: Path, base: str) -> None:
    """Build nothing; take the one wheel in `dist`. Ends the process with the tests' exit code."""
    (wheel,) = dist.resolve().glob("*.whl")
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = Path(folder)
        for name in ("tests", "seeds", "evals", "docs"):
            shutil.copytree(ROOT / name, elsewhere / name, ignore=shutil.ignore_patterns("__pycache__", "runs"))
        for name in ("pyproject.toml", "requirements-dev.txt"):
            shutil.copy(ROOT / name, elsewhere / name)
        python = elsewhere / "env" / "bin" / "python"
        run([base, "-m", "venv", str(elsewhere / "env")], ROOT)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", "requirements-dev.txt"], elsewhere)
        run([*pip, "--no-deps", str(wheel)], elsewhere)
        where = "import summariser, pathlib; print(pathlib.Path(summariser.__file__).parent.parent.name)"
        installed = run([str(python), "-c", where], elsewhere / "seeds")
        assert installed.strip() == "site-packages", installed
        command = [str(python), "-m", "pytest", "-p", "no:cacheprovider"]
        sys.exit(subprocess.run(command, cwd=elsewhere, env=environment(), check=False).returncode)


def run(command: list[str], folder: Path) -> str:
    """The output of a command that must succeed."""
    result = subprocess.run(command, cwd=folder, env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    return result.stdout


def environment() -> dict[str, str]:
    """The user's environment without anything that would let the source tree back in."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
