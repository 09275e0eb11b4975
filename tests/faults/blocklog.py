"""A disk that writes down what it is told: every write and every flush, in order.

    python -m tests.faults.blocklog IMAGE FOLDER LOG

Serves FOLDER by FUSE with one file in it, `disk`, which begins as IMAGE, until FOLDER
is unmounted. A file system on a loop device upon it is an ordinary one, and what its
device would have to keep through a power cut is known: whatever was written before the
last flush, and anything of what came after. A second file, `mark`, puts a word of the
test's own into the log. tests/faults/powercut.py reads it.

Needs root and /dev/fuse. Structures and numbers are those of linux/fuse.h, 7.31.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import sys
from collections.abc import Callable
from pathlib import Path

WRITE, FLUSH, MARK = b"W", b"F", b"M"
ENTRY = struct.Struct("=cQI")
"""An entry of the log: what it is, where on the disk, how many bytes follow."""

_REQUEST = struct.Struct("=IIQQIIII")
_REPLY = struct.Struct("=IiQ")
_ROOT, _DISK, _MARK = 1, 2, 3
_NAMES = {b"disk": _DISK, b"mark": _MARK}
_LONGEST_WRITE = 1 << 17
_BIG_WRITES = 1 << 5
_KEPT_S = 3600


class Disk:
    """The disk's bytes, the log, and what answers the kernel."""

    def __init__(self, image: Path, log: Path, device: int) -> None:
        self._bytes = bytearray(image.read_bytes())
        self._log = log.open("ab", buffering=0)
        self._device = device
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            1: self._look_up,
            3: self._describe,
            4: self._describe,
            14: self._open,
            15: self._read,
            16: self._write,
            18: _agree,
            20: self._flush,
            25: _agree,
            26: _begin,
            38: _agree,
        }

    def serve(self) -> None:
        """Answer until the folder is unmounted."""
        while True:
            try:
                request = os.read(self._device, _LONGEST_WRITE + 4096)
            except OSError as error:
                if error.errno == errno.ENODEV:
                    return
                raise
            _, code, unique, node, *_ = _REQUEST.unpack_from(request)
            if code in (2, 42):  # FORGET and BATCH_FORGET want no answer
                continue
            self._reply(unique, code, node, request[_REQUEST.size :])

    def _reply(self, unique: int, code: int, node: int, body: bytes) -> None:
        answer = self._answers.get(code)
        try:
            failed, data = 0, answer(node, body) if answer else b""
            if answer is None:
                failed = errno.ENOSYS
        except OSError as error:
            failed, data = error.errno or errno.EIO, b""
        head = _REPLY.pack(_REPLY.size + len(data), -failed, unique)
        os.write(self._device, head + data)

    def _look_up(self, _: int, body: bytes) -> bytes:
        node = _NAMES.get(body.rstrip(b"\0"))
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "no such file")
        return struct.pack("=QQQQII", node, 0, _KEPT_S, _KEPT_S, 0, 0) + self._attr(
            node
        )

    def _describe(self, node: int, _: bytes) -> bytes:
        return struct.pack("=QII", _KEPT_S, 0, 0) + self._attr(node)

    def _attr(self, node: int) -> bytes:
        size = len(self._bytes) if node == _DISK else 0
        mode = stat.S_IFDIR | 0o700 if node == _ROOT else stat.S_IFREG | 0o600
        times = (0,) * 6
        return struct.pack(
            "=QQQQQQIIIIIIIIII", node, size, size // 512, *times, mode, 1, *(0,) * 3,
            4096, 0,
        )  # fmt: skip

    def _open(self, _: int, __: bytes) -> bytes:
        return struct.pack("=QII", 0, 0, 0)

    def _read(self, _: int, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("=QQI", body)
        return bytes(self._bytes[offset : offset + size])

    def _write(self, node: int, body: bytes) -> bytes:
        _, offset, size = struct.unpack_from("=QQI", body)
        data = body[40 : 40 + size]
        if node == _MARK:
            self._note(MARK, 0, data)
        else:
            self._bytes[offset : offset + size] = data
            self._note(WRITE, offset, data)
        return struct.pack("=II", size, 0)

    def _flush(self, node: int, _: bytes) -> bytes:
        if node == _DISK:
            self._note(FLUSH, 0, b"")
        return b""

    def _note(self, what: bytes, offset: int, data: bytes) -> None:
        self._log.write(ENTRY.pack(what, offset, len(data)) + data)


def _begin(_: int, body: bytes) -> bytes:
    major, _, readahead, _ = struct.unpack_from("=IIII", body)
    sizes = struct.pack("=HHIIHHI", 0, 0, _LONGEST_WRITE, 1, 0, 0, 0)
    return struct.pack("=IIII", major, 31, readahead, _BIG_WRITES) + sizes + bytes(28)


def _agree(_: int, __: bytes) -> bytes:
    return b""


def mount(folder: Path) -> int:
    """Mount the kernel's end at `folder`; return ours."""
    device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"blocklog", os.fsencode(folder), b"fuse", 0, options):
        raise OSError(ctypes.get_errno(), f"cannot mount {folder}")
    return device


def main() -> None:
    image, folder, log = map(Path, sys.argv[1:])
    Disk(image, log, mount(folder)).serve()


if __name__ == "__main__":
    main()
