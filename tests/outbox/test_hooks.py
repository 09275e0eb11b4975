"""The hooks of outbox/README.md, taken from its text and run against real mailers."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.outbox.batch import About, Envelope, Place
from pipeline.outbox.spool import Spool
from tests.capability import require
from tests.outbox.mailservers import MESSAGE_SIZE_LIMIT, Delivered, Sink, postfix, sink

README = Path(__file__).parents[2] / "outbox" / "README.md"
TESTED = re.compile(r"<!-- tested: (\S+) -->\n```sh\n(.*?)```", re.DOTALL)
BLOCKS = dict(TESTED.findall(README.read_text()))
NAME = "weekly-000001-001-0001"
MESSAGE = (
    b"From: News <news@news.example>\r\n"
    b"To: reader@mail.example\r\n"
    b"Subject: =?utf-8?b?5pWw5a2m?=\r\n"
    b"Date: Mon, 05 Jan 2026 09:00:00 +0000\r\n"
    b"Message-ID: <%d@news.example>\r\n"
    b"\r\n"
    b"Dots and From are encoded: =2E =46rom\r\n"
    b"MAIL FROM:<evil@news.example>\r\n"
    b"RCPT TO:<victim@mail.example>\r\n"
    b"DATA\r\n"
    b"\r\n"
    b"end\r\n"
)


def sender(member: int) -> str:
    return f"bounce+{member}@news.example"


def message(member: int, recipient: str) -> bytes:
    """Return a message, and to `large@` one of more than MESSAGE_SIZE_LIMIT."""
    large = recipient.startswith("large@")
    return MESSAGE % member + b"RSET\r\n" * (MESSAGE_SIZE_LIMIT if large else 1)


def publish(outbox: Path, *recipients: str, name: str = NAME) -> Spool:
    spool = Spool(outbox)
    created = datetime(2026, 1, 5, 9, tzinfo=UTC)
    spool.stage(
        name,
        "a1",
        (
            Envelope(member=n, sender=sender(n), recipient=to, message=message(n, to))
            for n, to in enumerate(recipients, start=1)
        ),
        About(newsletter="weekly", issue=1, variant=1, created=created),
    )
    spool.publish(name, "a1")
    return spool


def expected(*pairs: tuple[int, str]) -> list[Delivered]:
    return [Delivered(sender(n), to, message(n, to)) for n, to in pairs]


def run(
    block: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a block of the README in the folder that holds the outbox."""
    for script in ("relay.sh", "batched.sh"):
        (folder / script).write_text(BLOCKS[script])
    return subprocess.run(
        ["sh", "-c", block],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def hook(line: str) -> str:
    return f"sh relay.sh outbox '{line}'"


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture
def postfix_environment(server: Sink) -> Iterator[dict[str, str]]:
    with postfix(server.port) as environment:
        yield environment


def test_the_readme_has_every_hook_that_is_tested() -> None:
    assert set(BLOCKS) == {"relay.sh", "sendmail", "msmtp", "batched.sh"}


def test_the_scripts_are_good_shell() -> None:
    for block in BLOCKS.values():
        subprocess.run(["sh", "-n", "-c", block], check=True)


def test_sendmail_hands_every_message_to_postfix_as_it_is(
    tmp_path: Path, server: Sink, postfix_environment: dict[str, str]
) -> None:
    spool = publish(tmp_path / "outbox", "one@mail.example", "two@mail.example")
    done = run(BLOCKS["sendmail"], tmp_path, postfix_environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.take(2) == expected((1, "one@mail.example"), (2, "two@mail.example"))
    assert spool.where(NAME) is Place.SENT


def test_msmtp_hands_every_message_on_as_it_is(tmp_path: Path, server: Sink) -> None:
    environment = msmtp_environment(tmp_path, server.port)
    spool = publish(tmp_path / "outbox", "one@mail.example", "two@mail.example")
    done = run(BLOCKS["msmtp"], tmp_path, environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.take(2) == expected((1, "one@mail.example"), (2, "two@mail.example"))
    assert spool.where(NAME) is Place.SENT


def msmtp_environment(folder: Path, port: int) -> dict[str, str]:
    require("msmtp", "outbox/README.md has a hook for it")
    settings = f"account default\nhost 127.0.0.1\nport {port}\n"
    (folder / ".msmtprc").write_text(settings)
    return {"PATH": os.environ["PATH"], "HOME": str(folder)}


def test_a_recipient_refused_at_once_puts_the_batch_with_the_failed(
    tmp_path: Path, server: Sink
) -> None:
    environment = msmtp_environment(tmp_path, server.port)
    spool = publish(tmp_path / "outbox", "refused@mail.example", "two@mail.example")
    run(BLOCKS["msmtp"], tmp_path, environment)
    assert server.take(1) == expected((2, "two@mail.example"))
    assert spool.where(NAME) is Place.FAILED


def test_batched_smtp_hands_every_message_to_postfix_as_it_is(
    tmp_path: Path, server: Sink, postfix_environment: dict[str, str]
) -> None:
    spool = publish(tmp_path / "outbox", "one@mail.example", "two@mail.example")
    done = run("sh batched.sh outbox", tmp_path, postfix_environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.take(2) == expected((1, "one@mail.example"), (2, "two@mail.example"))
    assert spool.where(NAME) is Place.SENT


def test_the_text_of_a_refused_message_is_never_read_as_commands(
    tmp_path: Path, server: Sink, postfix_environment: dict[str, str]
) -> None:
    spool = publish(tmp_path / "outbox", "large@mail.example", "two@mail.example")
    run("sh batched.sh outbox", tmp_path, postfix_environment)
    assert server.take(1) == expected((2, "two@mail.example"))
    assert spool.where(NAME) is Place.FAILED


RECORD = "cat >/dev/null; echo $from $to >>got"


def got(folder: Path) -> list[str]:
    return (folder / "outbox" / "got").read_text().splitlines()


def plain_environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"]}


def test_a_withdrawn_message_is_not_sent(tmp_path: Path) -> None:
    spool = publish(tmp_path / "outbox", "one@mail.example", "two@mail.example")
    spool.withdraw(NAME, 1)
    run(hook(RECORD), tmp_path, plain_environment())
    assert got(tmp_path) == [f"{sender(2)} two@mail.example"]


def test_a_batch_that_everyone_has_left_is_finished(tmp_path: Path) -> None:
    spool = publish(tmp_path / "outbox")
    run(hook(RECORD), tmp_path, plain_environment())
    assert spool.where(NAME) is Place.SENT


def test_a_stage_is_not_looked_at(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    spool = publish(outbox, "one@mail.example")
    (outbox / "new" / NAME).rename(outbox / "new" / f".{NAME}.a2")
    run(hook(RECORD), tmp_path, plain_environment())
    assert not (outbox / "got").exists()
    assert spool.is_staged(NAME, "a2")


@pytest.mark.parametrize("status", [75, 127])
def test_a_relay_told_to_come_again_goes_on_where_it_stopped(
    tmp_path: Path, status: int
) -> None:
    spool = publish(tmp_path / "outbox", "one@mail.example", "two@mail.example")
    stops = f'{RECORD}; test "$to" = one@mail.example || (exit {status})'
    assert run(hook(stops), tmp_path, plain_environment()).returncode == status
    assert spool.where(NAME) is Place.CUR
    assert run(hook(RECORD), tmp_path, plain_environment()).returncode == 0
    readers = [line.split()[1].partition("@")[0] for line in got(tmp_path)]
    assert readers == ["one", "two", "two"]
    assert spool.where(NAME) is Place.SENT


def test_batches_go_in_the_order_of_their_names(tmp_path: Path) -> None:
    publish(tmp_path / "outbox", "b@mail.example", name="weekly-000010-001-0001")
    publish(tmp_path / "outbox", "a@mail.example", name="weekly-000009-001-0001")
    run(hook(RECORD), tmp_path, plain_environment())
    assert [line.split()[1] for line in got(tmp_path)] == [
        "a@mail.example",
        "b@mail.example",
    ]
