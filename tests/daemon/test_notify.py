"""systemd's protocol, to a socket of the test's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.daemon.notify import Notifier

PID = 42


@pytest.fixture(params=["path", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[socket.socket]:
    """A socket that systemd would listen at: a path, or a name without a file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        name = str(tmp_path / "notify")
        listening.bind(f"\0{name}" if request.param == "abstract" else name)
        yield listening


def notifier_of(listener: socket.socket, **more: str) -> Notifier:
    name = listener.getsockname()
    address = f"@{name[1:].decode()}" if isinstance(name, bytes) else name
    return Notifier.of({"NOTIFY_SOCKET": address, **more}, PID)


def test_each_message_is_a_datagram(listener: socket.socket) -> None:
    notifier = notifier_of(listener)
    notifier.ready("Running")
    notifier.reloading(12.5)
    notifier.status("two\nlines")
    notifier.alive()
    notifier.stopping()
    assert [listener.recv(1_000) for _ in range(5)] == [
        b"READY=1\nSTATUS=Running",
        b"RELOADING=1\nMONOTONIC_USEC=12500000",
        b"STATUS=two lines",
        b"WATCHDOG=1",
        b"STOPPING=1\nSTATUS=Stopping",
    ]


def test_without_a_socket_nobody_is_told() -> None:
    Notifier.of({}, PID).ready("Running")


def test_nobody_at_the_socket_does_no_harm(tmp_path: Path) -> None:
    Notifier.of({"NOTIFY_SOCKET": str(tmp_path / "gone")}, PID).alive()


def test_a_queue_that_is_full_does_not_hold_us(listener: socket.socket) -> None:
    notifier = notifier_of(listener)
    for _ in range(1_000):
        notifier.alive()
    assert listener.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_ours_or_it_is_not(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert Notifier.of(environment, PID).watchdog_seconds == seconds
