"""What is built holds MathJax, and neither runs nor is built again with npm or node."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

import hatch_build
from tests.capability import require
from tests.command import PATIENCE_SECONDS, ROOT

TYPESET = """
import pipeline.math.engine as engine
from pipeline.math.layout import Tex
[result] = engine.Engine().typeset([Tex("x^2")])
print(engine.__file__, result.mathml)
"""

MATHJAX = {f"{hatch_build.HOME}/{name}" for name in hatch_build.FILES.values()}


@dataclass(frozen=True)
class Distribution:
    """A wheel and an sdist, and where the sdist was unpacked."""

    wheel: Path
    sdist: Path
    sources: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    if not hatch_build.is_present(ROOT / hatch_build.HOME):
        require("npm", "a build fetches MathJax with it")
    folder = tmp_path_factory.mktemp("built")
    finished = run("-m", "hatchling", "build", "-d", str(folder), cwd=ROOT)
    assert finished.returncode == 0, finished.stderr
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return Distribution(wheel, sdist, folder / sdist.name.removesuffix(".tar.gz"))


def run(
    *words: str, cwd: Path, python: str = sys.executable, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *words],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_mathjax_and_our_own_scripts(built: Distribution) -> None:
    ours = {"pipeline/math/package.js", "pipeline/math/driver.js"}
    assert names_in(built.wheel) >= MATHJAX | ours


def test_a_wheel_holds_the_templates_of_mail_and_of_pages(built: Distribution) -> None:
    templates = {
        f"pipeline/{path.relative_to(ROOT)}"
        for path in (ROOT / "templates").rglob("*.*")
    }
    assert "pipeline/templates/web/style.css" in templates
    assert names_in(built.wheel) >= templates


def test_an_installed_wheel_typesets_without_npm_and_node(
    built: Distribution, tmp_path: Path
) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = str(tmp_path / "venv" / "bin" / "python")
    options = ("--quiet", "--no-deps", "--no-index", str(built.wheel))
    installed = run("-m", "pip", "--python", python, "install", *options, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    # What Pressroom depends on is taken from here; an editable install of it is not.
    libraries = sysconfig.get_path("purelib")
    finished = run(
        "-c", TYPESET, cwd=tmp_path, python=python, PYTHONPATH=libraries, PATH=""
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith(str(tmp_path))
    assert "<msup>" in finished.stdout


def test_an_sdist_becomes_the_same_wheel_without_npm(
    built: Distribution, tmp_path: Path
) -> None:
    words = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    finished = run(*words, cwd=built.sources, PATH="")
    assert finished.returncode == 0, finished.stderr
    [again] = tmp_path.glob("*.whl")
    assert names_in(again) == names_in(built.wheel)


def test_a_build_that_cannot_have_mathjax_ends_with_the_reason(
    built: Distribution, tmp_path: Path
) -> None:
    with without_mathjax(built.sources):
        words = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
        finished = run(*words, cwd=built.sources, PATH="")
    assert finished.returncode != 0
    assert "there is no npm to fetch mathjax@3.2.2 with" in finished.stderr
    assert "Traceback" not in finished.stderr


@contextmanager
def without_mathjax(sources: Path) -> Iterator[None]:
    home, aside = sources / hatch_build.HOME, sources / "aside"
    home.rename(aside)
    try:
        yield
    finally:
        aside.rename(home)


def test_formulas_without_mathjax_say_what_to_do(
    built: Distribution, tmp_path: Path
) -> None:
    with without_mathjax(built.sources):
        finished = run("-c", TYPESET, cwd=built.sources)
    assert "InputError: MathJax's file mathjax/startup.js is gone" in finished.stderr
    assert "install Pressroom again" in finished.stderr


@pytest.mark.parametrize("missing", [hatch_build.SOURCE, "core.js"])
def test_a_build_knows_when_a_file_is_missing(tmp_path: Path, missing: str) -> None:
    hatch_build.unpack(package(tmp_path), tmp_path / "home")
    assert hatch_build.is_present(tmp_path / "home")
    (tmp_path / "home" / missing).unlink()
    assert not hatch_build.is_present(tmp_path / "home")


def test_a_build_knows_files_of_another_version(tmp_path: Path) -> None:
    hatch_build.unpack(package(tmp_path), tmp_path / "home")
    (tmp_path / "home" / hatch_build.SOURCE).write_text("npm mathjax@3.2.1\n")
    assert not hatch_build.is_present(tmp_path / "home")


def test_another_archive_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"mathjax@3\.2\.2 is not the one we know"):
        hatch_build.check(package(tmp_path).read_bytes())


@pytest.mark.parametrize(
    ("present", "npm", "needed"),
    [
        (True, True, []),
        (True, False, []),
        (False, True, []),
        (False, False, [hatch_build.NODE]),
    ],
)
def test_a_build_asks_for_node_only_to_run_npm(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    present: bool,
    npm: bool,
    needed: list[str],
) -> None:
    if present:
        hatch_build.unpack(package(tmp_path), tmp_path / hatch_build.HOME)
    if npm:
        (tmp_path / "npm").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    hook = hatch_build.MathJaxHook(str(tmp_path), {}, None, None, "", "wheel")
    assert hook.dependencies() == needed


def package(folder: Path) -> Path:
    """Return an archive of the form that npm packs, with nothing in its files."""
    path = folder / "mathjax.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for member in hatch_build.FILES:
            archive.addfile(tarfile.TarInfo(member), BytesIO())
    return path
