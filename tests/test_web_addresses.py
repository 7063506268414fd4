"""Addresses of the web: pages of a real server on loopback, and everything that is refused."""

import bz2
import json
import lzma
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from summariser import Document, InputError, read_address
from summariser.batch import items_from
from summariser.documents import link_to, read
from summariser.documents.addresses import _is_public
from tests import formats
from tests.formats import AGREED, PLEDGED
from tests.loopback import Loopback, Reply, closed_port
from tests.test_cli import Cli, cli  # noqa: F401  # the fixture


def reply(body: bytes | str, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    return Reply(status=status, headers={"Content-Type": kind, **headers}, body=data)


def moved(to: str) -> Reply:
    return Reply(status=302, headers={"Location": to})


def fetched(*replies: Reply, path: str = "/news/deal") -> Document:
    with Loopback(replies) as server:
        return read_address(server.url + path, private_addresses=True)


def test_a_page_is_read_with_its_address_and_the_time():
    with Loopback([moved("/v1/final?x=1#top"), reply(formats.PAGE)]) as server:
        made = read_address(f"{server.url}/news", private_addresses=True)
        assert made.source == f"{server.url}/news"
        assert made.address == f"{server.url}/final?x=1"
    assert made.title == "Board and union reach deal"
    assert AGREED in made.text
    assert made.fetched is not None
    assert abs(datetime.now(UTC) - made.fetched) < timedelta(hours=1)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (formats.pdf([[(20, 20, AGREED)]]), "application/pdf"),
        (formats.pdf([[(20, 20, AGREED)]]), "application/octet-stream"),
        (AGREED.encode("utf-16"), "text/plain"),
        (AGREED.encode("cp1252"), "text/plain; charset=windows-1252"),
        (formats.word([("Normal", AGREED)]), "application/octet-stream"),
        (f"*{AGREED}*".encode(), "text/markdown"),
        (formats.packed(AGREED.encode()), "text/plain"),
        (bz2.compress(AGREED.encode()), "application/octet-stream"),
        (lzma.compress(AGREED.encode()), "application/x-xz"),
        (formats.word([("Normal", AGREED)]), "application/zip"),
    ],
)
def test_what_a_server_sends_is_read_by_content_and_declared_type(body: bytes, kind: str):
    assert fetched(reply(body, kind)).text.replace("'", "’").partition("\n")[0] == AGREED


@pytest.mark.parametrize(
    ("replies", "told"),
    [
        ([moved("/v1/again")] * 9, "redirects more than 5 times"),
        ([reply(b"\x89PNG\r\n\x1a\n", "image/png")], "is an image (image/png) and no text"),
        ([reply(b"\x89PNG\r\n\x1a\n" + bytes(99), "text/html")], "is an image; read it with OCR"),
        ([reply(formats.archive({"a": "x"}), "text/html")], "is a zip archive without a document that is read; give"),
        ([reply(b"\x28\xb5\x2f\xfd" + bytes(range(99)), "text/plain")], "is an archive; unpack it, or compress it as"),
        ([reply("{}", "application/json")], "is data (application/json)"),
        ([reply("", status=401)], "it asks for a login: status 401"),
        ([reply("<p>Sign in</p><input type=password>")], "asks for a login"),
        ([reply("", status=404)], "there is no such page: status 404"),
        ([reply("", status=503)], "its server has an error: status 503"),
        ([moved("ftp://example.org/a")], "leads to, no address of the web"),
        ([moved("http://[::1")], "not a valid address"),
        ([reply(formats.PAGE, "text/html", **{"Content-Encoding": "gzip"})], "its answer is cut short or not valid"),
        ([Reply(headers={"Content-Type": "text/html"}, body=formats.PAGE.encode(), ending="cut")], "cut short"),
        ([Reply(ending="dropped")], "its answer is not valid"),
        ([reply(b"a" * 50_000_001, "text/plain")], "is too large (more than 50,000,000 bytes)"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(replies: list[Reply], told: str):
    with pytest.raises(InputError, match=re.escape(told)):
        fetched(*replies)


def test_an_address_that_does_not_answer_is_one_sentence():
    with pytest.raises(InputError, match=r"cannot be read \(it does not answer\); check the address"):
        read_address(f"http://127.0.0.1:{closed_port()}/a", private_addresses=True)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]", "10.0.0.1",
     "169.254.169.254", "192.168.1.1", "0.0.0.0", "[fe80::1]", "[fd00::1]", "100.64.0.1", "[64:ff9b::7f00:1]"],
)  # fmt: skip
def test_a_private_address_is_refused_in_every_form(host: str):
    with pytest.raises(InputError, match=r"this machine or of a private network; to allow it, use the setting private"):
        read_address(f"http://{host}:1/a")


@pytest.mark.parametrize(
    ("number", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("224.0.0.1", False), ("2002:7f00:1::", False),
     ("240.0.0.1", False), ("::", False), ("198.18.0.1", False)],
)  # fmt: skip
def test_only_numbers_of_the_public_internet_are_public(number: str, public: bool):
    assert _is_public(number) is public


def test_a_private_address_after_a_redirect_is_refused(monkeypatch: pytest.MonkeyPatch):
    """Another host of the public internet is played by loopback, which only its name tells apart."""
    real, is_public = socket.getaddrinfo, _is_public
    with Loopback([moved("http://inside.example/secret"), reply(formats.PAGE)]) as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        monkeypatch.setattr(
            "socket.getaddrinfo", _names({"news.example": "127.0.0.1", "inside.example": "10.0.0.1"}, real)
        )
        monkeypatch.setattr("summariser.documents.addresses._is_public", lambda n: n == "127.0.0.1" or is_public(n))
        with pytest.raises(InputError, match="leads to, an address of this machine or of a private network"):
            read_address(f"http://news.example:{port}/a")
        assert len(server.requests) == 1


def test_the_connection_goes_to_the_number_that_was_checked(monkeypatch: pytest.MonkeyPatch):
    real = socket.getaddrinfo
    asked: list[str] = []

    def once(host: str, *arguments: object, **options: object) -> object:
        asked.append(host)
        return real("127.0.0.1", *arguments, **options)  # type: ignore[arg-type]

    with Loopback([reply(formats.PAGE)]) as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        monkeypatch.setattr("socket.getaddrinfo", once)
        read_address(f"http://news.example:{port}/v1/a", private_addresses=True)
        (request,) = server.requests
    assert asked.count("news.example") == 1
    assert request.headers["host"] == f"news.example:{port}"


def _names(numbers: dict[str, str], real: Callable[..., object]) -> Callable[..., object]:
    return lambda host, *arguments, **options: real(numbers.get(host, host), *arguments, **options)


# ── links ────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_opens_the_page_at_the_words():
    address = "https://news.example/a?b=1#top"
    assert link_to(address, "“4 per cent”, two-thirds & more") == (
        "https://news.example/a?b=1#:~:text=%E2%80%9C4%20per%20cent%E2%80%9D%2C%20two%2Dthirds%20%26%20more"
    )


def test_a_link_to_long_words_or_several_blocks_has_their_beginning_and_end():
    words = f"{AGREED}\n\n{PLEDGED}"
    fragment = link_to("https://news.example/a", words).partition("#:~:text=")[2]
    first, comma, last = fragment.partition(",")
    assert comma
    assert "-" not in fragment
    assert AGREED.startswith(unquote(first) + " ")
    assert PLEDGED.endswith(" " + unquote(last))


def test_a_link_to_words_that_are_not_set_apart_has_their_first_and_last_characters():
    text = "港务局同意提高工资" * 40
    first, _, last = link_to("https://news.example/a", text).partition("#:~:text=")[2].partition(",")
    assert text.startswith(unquote(first))
    assert text.endswith(unquote(last))


# ── the command line and batches ─────────────────────────────────────────────────────────────────


def test_the_evidence_of_a_page_has_a_link_and_the_document_its_address(cli: Cli):  # noqa: F811  # the fixture
    from tests.loopback import answers

    answer = {
        "headline": "A deal", "overview": "A deal.", "reactions": [], "risks": [],
        "parties": [{"name": "Marlow Harbour Board", "kind": "organisation", "sentences": [2]}],
        "commitments": [{"by": ["Marlow Harbour Board"], "action": "raise ferry crews’ pay", "status": "agreed",
                         "sentences": [2], "words": "agreed on Tuesday to raise ferry crews’ pay"}],
    }  # fmt: skip
    with Loopback([answers(answer)] * 3) as model, Loopback([reply(formats.PAGE)] * 2) as web:
        cli.use(model)
        refused = cli("summarise", f"{web.url}/news", "--no-store")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "SUMMARISER_PRIVATE_ADDRESSES" in refused.stderr
        cli.set(SUMMARISER_PRIVATE_ADDRESSES="true")
        done = cli("summarise", f"{web.url}/news", "--no-store", "--format", "json")
        data = json.loads(done.stdout)
        assert data["document"]["address"] == f"{web.url}/news"
        assert data["document"]["fetched"].endswith("Z")
        (evidence,) = data["commitments"][0]["evidence"]
        assert evidence["location"]["link"].startswith(f"{web.url}/news#:~:text=agreed%20on")


def test_a_list_of_a_batch_may_hold_addresses(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with Loopback([reply(formats.PAGE)] * 2) as web:
        (tmp_path / "list").write_text(f"{web.url}/a\n", "utf-8")
        for item in items_from(["@list", f"{web.url}/a"]):
            assert item.document(private_addresses=True).title == "Board and union reach deal"
        (refused,) = items_from([f"{web.url}/a"])
        with pytest.raises(InputError, match="private network"):
            refused.document()


def test_a_password_in_an_address_is_sent_but_never_shown(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUMMARISER_PRIVATE_ADDRESSES", "true")
    with Loopback([reply(formats.PAGE)] * 2) as server:
        secret = server.url.replace("://", "://clerk:s3cr@t@") + "/news"
        made = read_address(secret, private_addresses=True)
        (item,) = items_from([secret])
        read_item = item.document(private_addresses=True)
        assert (made.source, made.address) == (f"{server.url}/news", f"{server.url}/news")
        assert item.id == read_item.source == made.source
    (tmp_path / "list").write_text("s3x://clerk:s3cret@desk.example/a.txt\n", "utf-8")
    (listed,) = items_from([f"@{tmp_path / 'list'}"])
    assert listed.id == "s3x://desk.example/a.txt"
    for ask in (
        lambda: read_address("http://clerk:s3cret@127.0.0.1/a"),
        lambda: read_address("http://clerk:s3/cret@desk.example/a"),
        lambda: read("https://clerk:s3cret@desk.example/a"),
        listed.document,
        next(items_from(["s3x://clerk:s3cret@desk.example/*.jsonl"])).document,
        next(items_from(["s3x://clerk:s3cret@desk.example/a.jsonl"])).document,
    ):
        with pytest.raises(InputError) as told:
            ask()
        assert "cret" not in str(told.value) and "clerk" not in str(told.value)


@pytest.mark.parametrize("address", ["file:///news/a.txt", "s3://clerk:s3cret@desk/a.txt"])
def test_an_address_of_a_storage_is_refused_with_the_command_that_reads_it(cli: Cli, address: str):  # noqa: F811
    done = cli("summarise", address, "--dry-run")
    assert done.returncode == 2
    assert "begins with http:// or https://" in done.stderr and "'summariser batch' also reads" in done.stderr
    assert "s3cret" not in done.stderr and "file:/news" not in done.stderr


def test_a_path_that_is_an_address_is_refused_as_one():
    with pytest.raises(InputError, match=r"is an address \(s3://…\) and names no file"):
        read(Path("s3://clerk:s3cret@desk.example/a.txt"))
