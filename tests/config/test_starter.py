"""The config.yaml that `init` writes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.text import fold_line
from pipeline.config.generators import FoundSite, Generator, Layout
from pipeline.config.load import load_configuration
from pipeline.config.settings import Configuration
from pipeline.config.starter import Answers, compose_config, quote

ANSWERS = Answers(
    url="https://example.org/",
    title="Example",
    sender="Ann <ann@example.org>",
    postal_address="1 Main Street",
)


def load(tmp_path: Path, generator: Generator, answers: Answers) -> Configuration:
    path = tmp_path / "config.yaml"
    path.write_text(compose_config(generator, answers), encoding="utf-8")
    return load_configuration(path).configuration


def generator(*sites: FoundSite, layout: Layout | None = None) -> Generator:
    return Generator(
        name="Hugo",
        source="hugo.toml",
        sites=sites or (FoundSite(folder="content"),),
        layout=layout or Layout(),
    )


@given(st.text(max_size=40))
def test_any_text_is_read_back_as_one_line(text: str) -> None:
    line = fold_line(text)
    assert yaml.safe_load(f"key: {quote(text)}") == {"key": line}


@pytest.mark.parametrize(
    "text", ["no", "Null", "1:30", "0123", "A: B", "#c", "- x", ""]
)
def test_what_yaml_takes_for_something_else_is_quoted(text: str) -> None:
    assert quote(text).startswith('"')


@pytest.mark.parametrize("title", ['A: "B" #c', "印坊札记", "{{ x }}", "no", "it's"])
def test_a_title_stays_as_it_is(tmp_path: Path, title: str) -> None:
    site = FoundSite(folder="content", title=title)
    answers = Answers(sender="a@example.org", postal_address="1 Main Street")
    configuration = load(tmp_path, generator(site), answers)
    assert configuration.sites[0].title == title
    assert configuration.newsletters[0].title == title


def test_what_was_found_is_written(tmp_path: Path) -> None:
    site = FoundSite(
        folder="content",
        url="https://example.org/blog",
        title="Found",
        description="A: b",
        language="zh_CN",
        author="沈砚",
        zone="Asia/Shanghai",
        permalink="/{folder}/{slug}/",
        permalink_note="Hugo publishes a post by its path. " * 4,
        output="dist",
        assets=("static", "assets files"),
        exclude=("/about.md",),
        undated=("git", "mtime"),
    )
    found = load(tmp_path, generator(site), Answers()).sites[0]
    assert found.url == "https://example.org/blog/"
    assert (found.title, found.description) == ("Found", "A: b")
    assert (found.language, found.author) == ("zh-CN", "沈砚")
    assert (found.zone, found.permalink) == ("Asia/Shanghai", "/{folder}/{slug}/")
    assert found.output == tmp_path / "dist"
    assert found.assets == (tmp_path / "static", tmp_path / "assets files")
    assert (found.exclude, found.undated) == (("/about.md",), ("git", "mtime"))


def test_answers_go_before_what_was_found(tmp_path: Path) -> None:
    site = FoundSite(folder="content", url="https://found.example/", title="Found")
    found = load(tmp_path, generator(site), ANSWERS).sites[0]
    assert (found.url, found.title) == ("https://example.org/", "Example")


def test_with_sender_and_postal_address_the_newsletter_can_be_sent(
    tmp_path: Path,
) -> None:
    configuration = load(tmp_path, generator(), ANSWERS)
    assert [n.sender for n in configuration.newsletters] == ["Ann <ann@example.org>"]
    assert configuration.mail.unsubscribe_address == "ann@example.org"


@pytest.mark.parametrize(
    "answers", [Answers(), Answers(sender="a@b.example"), Answers(postal_address="x")]
)
def test_without_them_it_stands_in_comments_ready_to_use(
    tmp_path: Path, answers: Answers
) -> None:
    assert load(tmp_path, generator(), answers).newsletters == ()
    path = tmp_path / "config.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line == "#newsletters:")
    ready = [*lines[:start], *(line.removeprefix("#") for line in lines[start:])]
    path.write_text("\n".join(ready), encoding="utf-8")
    configuration = load_configuration(path).configuration
    assert configuration.newsletters[0].name == "weekly"
    assert configuration.mail.unsubscribe_address


@pytest.mark.parametrize("answers", [Answers(), ANSWERS])
def test_files_that_must_lie_elsewhere_do(tmp_path: Path, answers: Answers) -> None:
    layout = Layout(
        templates="_p/templates", outbox="_p/outbox", store="_p/var/pressroom.db"
    )
    configuration = load(tmp_path, generator(layout=layout), answers)
    assert configuration.mail.templates == tmp_path / "_p/templates"
    assert configuration.outbox.folder == tmp_path / "_p/outbox"
    assert configuration.store.path == tmp_path / "_p/var/pressroom.db"


def test_a_second_site_has_an_address_below_the_first(tmp_path: Path) -> None:
    second = FoundSite(name="fr", folder="content/fr", title="Exemple")
    answers = Answers(url="https://example.org")
    sites = load(
        tmp_path, generator(FoundSite(folder="content/en"), second), answers
    ).sites
    assert [site.url for site in sites] == [
        "https://example.org/",
        "https://example.org/fr/",
    ]
    assert [site.title for site in sites] == ["Journal", "Exemple"]
