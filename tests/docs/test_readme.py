"""The commands of README.md work, on a site of each generator it names."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config.generators.jekyll import find_jekyll
from pipeline.math.engine import Engine
from pipeline.math.layout import Layout, Tex
from pipeline.math.linear import linearise
from pipeline.rendition.equation import IMAGES_FOLDER
from pipeline.runs.issues.mailimages import PICTURES_FOLDER
from tests.docs.documents import document, examples
from tests.docs.posts import parse

README = document("README.md")
RUNS = re.findall(r"<!-- runs -->\n```sh\n(.*?)```", README, re.DOTALL)
POST = (
    "---\ntitle: First light\ndate: 2026-11-01\ntags: [sky]\n---\n\nHello **world**.\n"
)
SITES = {
    "Hugo": {
        "hugo.toml": 'baseURL = "https://blog.example.org/"\ntitle = "A blog"\n',
        "content/posts/first.md": POST,
        "content/about.md": "---\ntitle: About\n---\n\nMe.\n",
    },
    "Jekyll": {
        "_config.yml": "url: https://blog.example.org\ntitle: A blog\n",
        "_posts/2026-11-01-first.md": POST,
        "about.md": "---\nlayout: page\ntitle: About\n---\n\nMe.\n",
    },
    "Hexo": {
        "_config.yml": "url: https://blog.example.org\ntitle: A blog\n",
        "source/_posts/first.md": POST,
        "source/about/index.md": "---\ntitle: About\n---\n\nMe.\n",
    },
}


def make_site(generator: str, folder: Path) -> Path:
    """Write a small site as its generator has it."""
    for name, text in SITES[generator].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the folder of a small site."""
    return make_site(request.param, tmp_path)


def run(commands: str, folder: Path) -> str:
    """Run a block of shell as a newcomer would type it, line by line."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu"],
        input=commands,
        cwd=folder,
        env=os.environ | {"PATH": path, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_guide_leads_from_a_site_to_feeds_and_a_mail(site: Path) -> None:
    assert len(RUNS) == 3
    said = [run(commands, site) for commands in RUNS]
    assert "All is well." in said[0]
    for trial_or_run in said[1:]:
        assert "1 message in 1 batch put into the outbox" in trial_or_run
    # Jekyll would publish an outbox that did not begin with an underscore.
    (message,) = [
        path
        for outbox in ("outbox", "_pressroom/outbox")
        for path in (site / outbox).glob("new/*/*.eml")
    ]
    assert b"First light" in message.read_bytes()
    outputs = [path.parent for path in site.glob("*/rss.xml")]
    assert len(outputs) == 1
    assert {"rss.xml", "atom.xml", "feed.json"} <= set(os.listdir(outputs[0]))
    assert list(site.glob("trial/outbox/new/*/*.eml"))


def test_the_table_speaks_of_the_sites_that_are_tried() -> None:
    rows = re.findall(r"^\| (\w+) \| `[^`]+ && pressroom once`", README, re.MULTILINE)
    assert rows == list(SITES)


def test_the_formula_that_is_shown_becomes_the_line_that_is_shown() -> None:
    formulas = parse(examples(README)["formula"]).formulas()
    results = Engine().typeset([Tex(shown.tex, shown.display) for shown in formulas])
    lines = [linearise(made.mathml) for made in results if isinstance(made, Layout)]
    assert lines[1:] == ["(1)", "n = 100"]
    assert f"`{lines[0]}    {lines[1]}`" in README


def test_jekyll_is_told_which_folders_to_leave_alone(tmp_path: Path) -> None:
    kept = f"`keep_files: [.git, {IMAGES_FOLDER}, {PICTURES_FOLDER}]`"
    found = find_jekyll(make_site("Jekyll", tmp_path), "UTC")
    assert found is not None
    assert any(kept in note for note in found.notes)
    for page in ("README.md", "docs/formulas.md", "docs/pictures.md"):
        assert kept in document(page)
