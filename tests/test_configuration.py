"""What the command line reads, writes and says around a run: its files, its store, its formats, its hints."""

import csv
import json
import subprocess
from pathlib import Path

import pytest

from summariser.cli.messages import hinted
from summariser.settings import DESTINATIONS
from tests.loopback import Loopback, answers
from tests.small_suite import NOTHING, Small, build
from tests.test_cli import EMPTY, Cli, one_sentence
from tests.test_pipeline import ANSWER


class Here(Cli):
    """The program in a folder of its own as `Cli` runs it, but in this process, which is ten times as fast."""

    def __init__(self, small: Small) -> None:
        super().__init__(small.folder)
        self._small = small
        self.set(SUMMARISER_CACHE_DIR=str(small.folder / "cache"), SUMMARISER_RETRY_SECONDS="0")

    def set(self, **variables: str) -> None:
        """Set environment variables."""
        for name, value in variables.items():
            self._small.monkeypatch.setenv(name, value)

    def __call__(self, *arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        assert not stdin
        self._small.monkeypatch.chdir(self.folder)
        ran = self._small.run(*arguments)
        assert "sk-secret" not in ran.out + ran.err
        return subprocess.CompletedProcess(arguments, ran.code, ran.out, ran.err)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    return Here(Small(tmp_path, capsys, monkeypatch))


# ── files of settings ────────────────────────────────────────────────────────────────────────────


def test_a_key_never_goes_to_an_address_of_a_file_in_the_current_folder(cli: Cli):
    build(cli.folder / "evals")
    with Loopback(otherwise=answers(ANSWER)) as stranger:
        (cli.folder / "summariser.toml").write_text(f'base_url = "{stranger.url}"\n')
        cli.set(OPENAI_API_KEY="sk-secret-12345")
        for command in (
            ("summarise", cli.article, "--model", "openai/x"),
            ("batch", cli.article, "--model", "openai/x"),
            ("eval", "run", "--live"),
            ("eval", "record"),
            ("eval", "compare", "floor", "brief@1"),
            ("models", "list"),
            ("models", "pull"),
        ):
            one_sentence(cli(*command), 2, "./summariser.toml sets base_url", "--config summariser.toml")
        assert stranger.requests == []
        told = cli("summarise", cli.article, "--model", "openai/x", "--config", "summariser.toml")
        assert told.returncode == 0
        assert stranger.requests[0].headers["authorization"] == "Bearer sk-secret-12345"


def test_an_eval_asks_the_server_of_the_file_that_config_names(cli: Cli):
    build(cli.folder / "evals")
    with Loopback([answers(ANSWER), answers(NOTHING)]) as server:
        (cli.folder / "own.toml").write_text(f'base_url = "{server.url}"\n')
        recorded = cli("eval", "record", "--config", "own.toml", "--model", "openai/small")
    assert (recorded.returncode, len(server.requests)) == (0, 2)


@pytest.mark.parametrize("command", [("record",), ("run", "--live")])
def test_a_suite_that_lies_in_the_current_folder_does_not_say_where_its_articles_are_sent(
    cli: Cli, command: tuple[str, ...]
):
    build(cli.folder / "evals")
    with Loopback(otherwise=answers(ANSWER)) as server:
        cli.set(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="sk-secret-12345")
        refused = cli("eval", *command)
    one_sentence(refused, 2, "names the model openai/", "confirm this with --model openai/")
    assert server.requests == []


@pytest.mark.parametrize("setting", sorted(DESTINATIONS))
def test_each_setting_that_says_where_things_go_is_refused_from_the_current_folder(cli: Cli, setting: str):
    (cli.folder / "summariser.toml").write_text(f'retry_seconds = 1\n{setting} = "x"\n')
    result = cli("summarise", cli.article)
    one_sentence(result, 2, f"./summariser.toml sets {setting}, which", "name the file with --config summariser.toml")


def test_a_file_is_weaker_than_the_environment_and_the_users_own_weaker_than_the_projects(cli: Cli, tmp_path: Path):
    own = tmp_path / "config" / "summariser" / "summariser.toml"
    own.parent.mkdir(parents=True)
    own.write_text('model = "openai/from-user"\nprompt = "sections@1"\n')
    assert "sections@1 with openai/from-user" in cli("summarise", cli.article, "--dry-run").stdout
    (cli.folder / "summariser.toml").write_text('prompt = "sections@2"\n')
    assert "sections@2 with openai/from-user" in cli("summarise", cli.article, "--dry-run").stdout
    (cli.folder / "named.toml").write_text('prompt = "brief@1"\n')
    named = cli("summarise", cli.article, "--dry-run", "--config", "named.toml")
    assert "brief@1 with openai/from-user" in named.stdout
    cli.set(SUMMARISER_PROMPT="brief@2")
    named = cli("summarise", cli.article, "--dry-run", "--config", "named.toml")
    assert "brief@2 with openai/from-user" in named.stdout


def test_the_users_own_file_is_theirs_in_its_own_folder_too(cli: Cli, tmp_path: Path):
    own = tmp_path / "config" / "summariser"
    own.mkdir(parents=True)
    (own / "summariser.toml").write_text('model = "openai/from-user"\n')
    cli.folder = own
    assert "with openai/from-user" in cli("summarise", cli.article, "--dry-run").stdout


def test_a_file_of_config_that_is_not_there_is_one_sentence(cli: Cli):
    one_sentence(cli("summarise", cli.article, "--config", "none.toml"), 2, "none.toml cannot be read")


def test_a_wrong_option_is_named_as_one(cli: Cli):
    one_sentence(cli("summarise", cli.article, "-l", "xx"), 2, "correct the argument language (--language)")


# ── the store ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["summarise", "batch"])
def test_without_a_writable_home_nothing_is_kept_and_that_is_said(cli: Cli, command: str):
    cli.set(XDG_DATA_HOME="", HOME=str(cli.article))  # a file, in which no folder can be made
    with Loopback(otherwise=answers(ANSWER)) as server:
        cli.use(server)
        result = cli(command, cli.article)
    (told,) = [line for line in result.stderr.splitlines() if "--store" in line]
    assert (result.returncode, bool(result.stdout)) == (0, True)
    assert told.startswith("summariser: the store ")
    assert told.endswith("cannot be written (Not a directory), so nothing is kept; name another with --store.")


@pytest.mark.parametrize("command", ["summarise", "batch"])
def test_a_store_that_was_named_and_cannot_be_written_is_an_error(cli: Cli, command: str):
    with Loopback() as server:
        cli.use(server)
        one_sentence(cli(command, cli.article, "--store", cli.article / "s"), 2, "the setting store (--store)")
        cli.set(SUMMARISER_STORE=str(cli.article / "s"))
        one_sentence(cli(command, cli.article), 2, "the setting store (--store)")
    assert server.requests == []


def test_a_batch_without_a_store_keeps_nothing_and_takes_nothing(cli: Cli, tmp_path: Path):
    with Loopback(otherwise=answers(ANSWER)) as server:
        cli.use(server)
        for _ in range(2):
            result = cli("batch", cli.article, "--no-store")
            assert (result.returncode, json.loads(result.stdout)["error"]) == (0, None)
    assert len(server.requests) == 2
    assert not (tmp_path / "data" / "summariser").exists()


def test_what_cannot_be_done_without_a_store_says_so(cli: Cli):
    cli.set(OPENAI_API_KEY="sk-secret-1", SUMMARISER_MODEL="openai/x")
    batched = ("batch", cli.article, "--engine", "openai-batch", "--no-store")
    one_sentence(cli(*batched), 2, "openai-batch needs a store", "the setting store (--store)")
    one_sentence(cli("batch", cli.article, "--no-store", "--store", "s"), 2, "Both --store and --no-store")
    one_sentence(cli("summarise", cli.article, "--no-store", "--store", "s"), 2, "Both --store and --no-store")


def test_a_failed_batch_without_a_store_does_not_speak_of_what_is_kept(cli: Cli):
    with Loopback() as server:
        cli.use(server)
        kept, not_kept = cli("batch", "none.txt"), cli("batch", "none.txt", "--no-store")
    assert "--retry-failed tries failed documents again" in kept.stderr
    assert "--retry-failed" not in not_kept.stderr


# ── formats ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("command", "output", "start"),
    [
        ("summarise", "out.txt", "Arlen and Bocia sign"),
        ("summarise", "out.MD", "# Arlen and Bocia"),
        ("summarise", "out.json", '{\n  "schema_version"'),
        ("summarise", "out.jsonl", '{"schema_version"'),
        ("summarise", "out.csv", "id,source,"),
        ("summarise", "out.parquet", "PAR1"),
        ("summarise", "out.xlsx", "PK"),
        ("summarise", "out", '{\n  "schema_version"'),
        ("batch", "out.jsonl", '{"id": '),
        ("batch", "out.csv", "id,source,"),
        ("batch", "out.parquet", "PAR1"),
        ("batch", "out.XLSX", "PK"),
        ("batch", "out", '{"id": '),
    ],
)
def test_the_ending_of_the_output_names_its_format(cli: Cli, command: str, output: str, start: str):
    with Loopback([answers(ANSWER)]) as server:
        cli.use(server)
        assert cli(command, cli.article, "-o", output).returncode == 0
    assert (cli.folder / output).read_bytes().startswith(start.encode())


@pytest.mark.parametrize(
    ("command", "output", "endings"),
    [
        ("summarise", "a.ods", ".csv, .html, .json, .jsonl, .md, .parquet, .txt, .xlsx"),
        ("summarise", "b.xls", ".csv, .html, .json, .jsonl, .md, .parquet, .txt, .xlsx"),
        ("batch", "a.md", ".csv, .jsonl, .parquet, .xlsx"),
        ("batch", "a.json", ".csv, .jsonl, .parquet, .xlsx"),
        ("batch", "b.xls", ".csv, .jsonl, .parquet, .xlsx"),
    ],
)
def test_an_ending_that_names_no_format_is_refused_before_any_call(cli: Cli, command: str, output: str, endings: str):
    with Loopback() as server:
        cli.use(server)
        one_sentence(cli(command, cli.article, "-o", output), 2, f"{output} names no format", endings, "--format")
    assert (server.requests, (cli.folder / output).exists()) == ([], False)


@pytest.mark.parametrize(
    ("command", "output", "format"),
    [
        ("summarise", "a.csv", "json"),
        ("summarise", "a.md", "text"),
        ("batch", "a.csv", "jsonl"),
        ("batch", "a.txt", "xlsx"),
    ],
)
def test_a_format_that_contradicts_the_ending_is_refused(cli: Cli, command: str, output: str, format: str):
    one_sentence(cli(command, cli.article, "-o", output, "-f", format), 2, f"{output} names", f"--format {format}")


def test_a_format_is_obeyed_where_the_ending_names_none(cli: Cli):
    with Loopback([answers(EMPTY), answers(ANSWER)]) as server:
        cli.use(server)
        assert cli("batch", cli.article, "--no-store", "-o", "rows.dat", "-f", "csv").returncode == 0
        assert cli("summarise", cli.article, "--no-store", "-o", "out.data", "-f", "markdown").returncode == 0
    with (cli.folder / "rows.dat").open() as rows:
        assert next(csv.reader(rows))[:2] == ["id", "source"]
    assert (cli.folder / "out.data").read_text("utf-8").startswith("# Arlen")


# ── hints ────────────────────────────────────────────────────────────────────────────────────────


def test_a_setting_is_given_its_option_and_other_words_are_left_alone():
    assert hinted("name another in the setting store.") == "name another in the setting store (--store)."
    assert hinted("The store is a storehouse; the setting storey.") == "The store is a storehouse; the setting storey."


def test_every_option_of_a_hint_is_one_of_a_command(cli: Cli):
    from summariser.cli.messages import _OPTIONS

    helped = "".join(
        cli(*command, "--help").stdout for command in (["summarise"], ["batch"], ["compare"], ["eval", "run"])
    )
    assert [option for option in _OPTIONS.values() if f"{option} " not in helped] == []
