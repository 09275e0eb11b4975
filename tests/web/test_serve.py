"""`pressroom serve` as a process: it listens, serves, drains, tells what is wrong."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.base.errors import BusyError, UsageError
from pipeline.runs.readers.leaving import keep_reason
from pipeline.web.probe import is_served
from pipeline.web.server import ServerThread, bind, told_address
from tests.cli.conftest import Command, command
from tests.command import pressroom
from tests.web.clients import PUBLIC_URL, reader, with_pages
from tests.web.serving import Server, serving
from tests.world import World, part

__all__ = ["command"]

ANN = "ann@example.org"


def ask(server: Server, method: str, path: str, body: str = "") -> HTTPResponse:
    """Send one request, and return the answer, read."""
    place = urlsplit(server.url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body or None, form)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def links(message: EmailMessage) -> set[str]:
    """Return every http link of a mail: its headers, its text, its HTML."""
    texts = [part(message, "plain"), part(message, "html"), *map(str, message.values())]
    found = re.findall(r"https?://[^\s\"'<>,)]+", " ".join(texts))
    return {link.replace("&amp;", "&") for link in found}


@pytest.fixture
def mailed(world: World) -> World:
    """Give a world with pages, whose two readers have a mail in the outbox."""
    world.configure(with_pages(world.config))
    world.post("a", "Words, and a [link](https://example.org/mail/health).")
    world.join(ANN)
    world.join("duzhe@example.org", "zh-CN")
    world.run()
    return world


def test_a_scanner_that_follows_every_link_changes_nothing(mailed: World) -> None:
    followed = 0
    with serving(mailed.folder) as server:
        for message in mailed.messages():
            for link in links(message):
                if not link.startswith(PUBLIC_URL):
                    continue
                for method in ("GET", "HEAD", "OPTIONS"):
                    ask(server, method, urlsplit(link).path)
                    followed += 1
    assert followed >= 4
    assert reader(mailed, ANN).newsletters == ("weekly",)
    assert len(mailed.got()) == 2


def test_the_header_of_a_mail_leaves_at_one_click_also_the_second_time(
    mailed: World,
) -> None:
    [message] = [m for m in mailed.messages() if m["To"] == ANN]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [link] = re.findall(r"<(https:[^>]+)>", str(message["List-Unsubscribe"]))
    with serving(mailed.folder) as server:
        for _ in range(2):
            body = "List-Unsubscribe=One-Click"
            answer = ask(server, "POST", urlsplit(link).path, body)
            assert answer.status == 200
            assert answer.headers.get_all("set-cookie") is None
    assert reader(mailed, ANN).newsletters == ()
    assert list(mailed.got()) == ["duzhe@example.org"]


def test_a_run_and_a_server_share_the_store(mailed: World) -> None:
    with serving(mailed.folder) as server:
        runs = [
            threading.Thread(target=pressroom, args=("once",), kwargs={"cwd": folder})
            for folder in [mailed.folder] * 2
        ]
        for run in runs:
            run.start()
        statuses = {
            ask(server, "POST", "/unsubscribe/abc", "x=1").status for _ in range(50)
        }
        for run in runs:
            run.join()
    assert statuses == {404}


def test_it_ends_when_it_is_told_to_and_has_logged_in_json(mailed: World) -> None:
    with serving(mailed.folder, "--log-format", "json") as server:
        ask(server, "GET", "/health")
        status, written = server.stop()
    assert status == 0
    [line] = written.splitlines()
    assert json.loads(line)["path"] == "/health"


def test_a_request_that_has_begun_is_answered_before_it_ends(mailed: World) -> None:
    with serving(mailed.folder) as server:
        place = urlsplit(server.url)
        begun = socket.create_connection((place.hostname, place.port), timeout=30)
        head = "POST /unsubscribe/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        begun.sendall(head.encode())
        ask(server, "GET", "/health")
        server.process.terminate()
        begun.sendall(b"x=1")
        answer = begun.recv(100)
        begun.close()
        status, _ = server.stop()
    assert answer.startswith(b"HTTP/1.1 404")
    assert status == 0


def test_a_request_of_the_last_moment_is_answered() -> None:
    bound = bind("127.0.0.1", 0)
    address = bound.getsockname()

    async def hold(request: Request) -> Response:
        """Have the server find at once that it is to end and that there is more."""
        server.stop()
        # It looks every tenth of a second whether it is to end.
        threading.Event().wait(0.2)
        await asyncio.sleep(0)
        late.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
        return Response("held")

    async def answer(request: Request) -> Response:
        return Response("late")

    app = Starlette(routes=[Route("/hold", hold), Route("/late", answer)])
    server = ServerThread(app, bound)
    late = socket.create_connection(address, timeout=30)
    with socket.create_connection(address, timeout=30) as first, late:
        first.sendall(b"GET /hold HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first.recv(100).startswith(b"HTTP/1.1 200")
        assert late.recv(100).startswith(b"HTTP/1.1 200")
    server.join()


def test_a_spare_connection_does_not_keep_it_from_ending() -> None:
    bound = bind("127.0.0.1", 0)
    address = bound.getsockname()
    server = ServerThread(Starlette(), bound)
    with socket.create_connection(address, timeout=30) as spare:
        server.stop()
        assert spare.recv(100) == b""
    server.join()


def test_what_is_no_request_gets_none_of_our_words(mailed: World) -> None:
    with serving(mailed.folder) as server:
        place = urlsplit(server.url)
        for sent in (b"hello\r\n\r\n", b"GET /" + b"x" * 70_000, b"\x16\x03\x01\x02\0"):
            with socket.create_connection((place.hostname, place.port)) as connection:
                connection.settimeout(30)
                connection.sendall(sent + b"\r\n\r\n")
                assert connection.recv(100).startswith((b"HTTP/1.1 400", b""))
        assert ask(server, "GET", "/health").status == 200


def test_a_port_that_is_taken_is_told(world: World) -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = pressroom("serve", "--port", str(port), cwd=world.folder)
        with pytest.raises(BusyError, match="is taken by another program"):
            bind("127.0.0.1", port)
    assert said.returncode == 75
    assert f"127.0.0.1:{port} is taken" in said.stderr


def test_an_address_of_another_machine_cannot_be_listened_at() -> None:
    with pytest.raises(UsageError, match=r"cannot listen at 192\.0\.2\.1:80"):
        bind("192.0.2.1", 80)
    with pytest.raises(UsageError, match="is no address"):
        bind("no such host", 80)


def test_an_address_is_told_as_it_stands_in_a_url() -> None:
    assert told_address("127.0.0.1", 80) == "127.0.0.1:80"
    assert told_address("::1", 80) == "[::1]:80"


def test_check_tells_when_mail_leads_to_pages_that_nobody_serves(
    world: World, command: Command
) -> None:
    world.post("a")
    with bind("127.0.0.1", 0) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    config = with_pages(world.config)
    world.configure(f"{config}  listen: {listen}\n")
    said = command("check").output
    assert f"nothing answers at {listen}" in said
    with serving(world.folder) as server:
        listen = urlsplit(server.url).netloc
        world.configure(f"{config}  listen: {listen}\n")
        assert "nothing answers" not in command("check").output
        assert is_served(listen)


def test_check_says_nothing_of_pages_where_mail_leads_to_none(
    world: World, command: Command
) -> None:
    world.post("a")
    assert "nothing answers" not in command("check").output


def test_another_program_at_the_address_is_not_ours(tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as other:
        other.settimeout(30)

        def answer() -> None:
            connection, _ = other.accept()
            connection.recv(1_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        port = other.getsockname()[1]
        assert not is_served(f"127.0.0.1:{port}")
        thread.join()


def test_reasons_are_told_with_their_numbers(world: World, command: Command) -> None:
    assert "Nobody said why" in command("subscriber", "reasons").output
    database = world.store()
    with database.transaction() as tx:
        keep_reason(tx, "weekly", "too many", "", world.time)
        keep_reason(tx, "weekly", "too many", "One a day!", world.time)
    database.close()
    said = command("subscriber", "reasons").output
    assert re.search(r"weekly +too many +2", said)
    assert "2026-11-20 weekly: One a day!" in said
    told = json.loads(command("subscriber", "reasons", "--json").output)
    assert told["counts"] == {"weekly": {"too many": 2}}
    assert [remark["words"] for remark in told["remarks"]] == ["One a day!"]
    world.later(days=91)
    assert "Nobody said why" in command("subscriber", "reasons").output
