"""Mail servers on loopback: a sink that keeps what it gets, a Postfix of our own."""

from __future__ import annotations

import os
import queue
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).parents[2]
POSTFIX = ROOT / "build" / "postfix"
PATIENCE_SECONDS = 30
MESSAGE_SIZE_LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as a server got it."""

    sender: str
    recipient: str
    content: bytes


class Sink:
    """An SMTP server that takes everything but for one recipient, and keeps it."""

    def __init__(self, refused: str = "refused@mail.example") -> None:
        self.refused = refused
        self._delivered: queue.Queue[Delivered] = queue.Queue()
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port: int = found.getsockname()[1]

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        _: object,
    ) -> str:
        if address == self.refused:
            return "550 5.1.1 no such reader"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content
        assert isinstance(content, bytes)
        for recipient in envelope.rcpt_tos:
            sender = envelope.mail_from or ""
            self._delivered.put(Delivered(sender, recipient, content))
        return "250 2.0.0 ok"

    def take(self, count: int) -> list[Delivered]:
        """Wait for `count` messages; return them by recipient, and see that it is all.

        What relays may add is taken off: the Received fields before the first of ours.
        """
        found = [self._delivered.get(timeout=PATIENCE_SECONDS) for _ in range(count)]
        assert self._delivered.empty()
        return sorted(map(without_trace, found), key=lambda one: one.recipient)


def without_trace(delivered: Delivered) -> Delivered:
    """Take off the Received fields at the top (RFC 5321, 4.4)."""
    trace = rb"\A(?:Received:.*\r\n(?:[ \t].*\r\n)*)+"
    content = re.sub(trace, b"", delivered.content)
    return Delivered(delivered.sender, delivered.recipient, content)


@contextmanager
def sink() -> Iterator[Sink]:
    """Run a sink on a free port of loopback."""
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {postfix}/usr/sbin
daemon_directory = {postfix}/usr/lib/postfix/sbin
shlib_directory = {postfix}/usr/lib/postfix
meta_directory = {folder}/etc
mail_owner = news
setgid_group = uucp
default_privs = nobody
import_environment = MAIL_CONFIG LD_LIBRARY_PATH={libraries}
export_environment = MAIL_CONFIG LD_LIBRARY_PATH
maillog_file = {folder}/data/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = press.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
smtp_dns_support_level = disabled
relayhost = [127.0.0.1]:{port}
message_size_limit = {limit}
"""

# Debian's services, less those that listen and those that no test reaches.
MASTER_CF = """
pickup    unix        n  -  n  60   1  pickup
cleanup   unix        n  -  n  -    0  cleanup
qmgr      unix        n  -  n  300  1  qmgr
rewrite   unix        -  -  n  -    -  trivial-rewrite
bounce    unix        -  -  n  -    0  bounce
defer     unix        -  -  n  -    0  bounce
trace     unix        -  -  n  -    0  bounce
smtp      unix        -  -  n  -    -  smtp
scache    unix        -  -  n  -    1  scache
error     unix        -  -  n  -    -  error
retry     unix        -  -  n  -    -  error
discard   unix        -  -  n  -    -  discard
postlog   unix-dgram  n  -  n  -    1  postlogd
"""

QUEUES = (
    "active bounce corrupt defer deferred flush hold incoming private saved trace "
    "maildrop public"
)


@contextmanager
def postfix(port: int) -> Iterator[dict[str, str]]:
    """Run a Postfix that listens nowhere and hands everything to `port` of loopback.

    Yields the environment in which `sendmail` is this one's. The users it borrows
    (news, uucp, nobody) are on every Debian; the machine's own mail is not touched.
    """
    _require_postfix()
    master = POSTFIX / "usr/lib/postfix/sbin/master"
    # Not in tmp_path: Postfix's users must be able to come here.
    with tempfile.TemporaryDirectory(
        prefix="postfix-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        environment = _write_postfix(folder, port)
        # -w: return when it is up. -e: end by itself if this process is killed.
        subprocess.run([master, "-w", "-e", "120"], env=environment, check=True)
        try:
            yield environment
        finally:
            pid = int((folder / "queue" / "pid" / "master.pid").read_text())
            os.kill(pid, signal.SIGTERM)


def _require_postfix() -> None:
    wanted = ""
    if not (POSTFIX / "usr/sbin/sendmail").exists():
        wanted = "no Postfix in build/postfix (`make system` unpacks it there)"
    elif os.geteuid() != 0:
        wanted = "a Postfix of one's own can only be started by root"
    if wanted and os.environ.get("CI") == "true":
        pytest.fail(wanted)
    if wanted:
        pytest.skip(wanted)


def _write_postfix(folder: Path, port: int) -> dict[str, str]:
    libraries = ":".join(
        str(path)
        for path in (POSTFIX / "usr/lib/postfix", *POSTFIX.glob("**/lib/*-linux-gnu"))
    )
    places = {
        "folder": folder,
        "postfix": POSTFIX,
        "libraries": libraries,
        "port": port,
        "limit": MESSAGE_SIZE_LIMIT,
    }
    folder.chmod(0o755)
    (folder / "etc").mkdir()
    (folder / "etc" / "main.cf").write_text(MAIN_CF.format(**places))
    (folder / "etc" / "master.cf").write_text(MASTER_CF)
    (folder / "queue" / "pid").mkdir(parents=True)
    for path in (
        folder / "data",
        *(folder / "queue" / name for name in QUEUES.split()),
    ):
        path.mkdir()
        subprocess.run(["chown", "news", path], check=True)
    return {
        "PATH": f"{POSTFIX}/usr/sbin:{os.environ['PATH']}",
        "MAIL_CONFIG": str(folder / "etc"),
        "LD_LIBRARY_PATH": libraries,
    }
