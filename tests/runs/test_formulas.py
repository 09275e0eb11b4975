"""Formulas on their way: into feeds, mail, plain text, titles; and what goes wrong."""

from __future__ import annotations

import re
import shutil
from email.message import EmailMessage
from functools import partial
from io import BytesIO

import feedparser
import pytest
from PIL import Image

from pipeline.base.clock import FixedClock
from pipeline.base.errors import ConfigError
from pipeline.base.faults import Severity
from pipeline.math.bounds import Bounds
from pipeline.runs.inspect import inspect
from pipeline.runs.report import Report, Silent
from pipeline.runs.sites.typesetting import Typesetter
from tests.world import CONFIG, World, part

FRACTION = r"$$\frac{a}{b}$$"
PNG = b"\x89PNG\r\n"


def entry(world: World, name: str = "atom.xml") -> feedparser.FeedParserDict:
    return feedparser.parse(world.feed(name)).entries[0]


def images_in(html: str) -> list[str]:
    return re.findall(r'<img[^>]* src="([^"]*)"', html)


def published(world: World) -> dict[str, bytes]:
    folder = world.folder / "public" / "math"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def attached(message: EmailMessage) -> dict[str, bytes]:
    """Return the images in a message by the URL that its HTML calls them."""
    return {
        f"cid:{str(found['Content-ID'])[1:-1]}": found.get_content()
        for found in message.walk()
        if found.get_content_maintype() == "image"
    }


def bound_posts(monkeypatch: pytest.MonkeyPatch, bounds: Bounds) -> None:
    """Give the formulas of a post other bounds: ours would take a minute to reach."""
    bounded = partial(Typesetter, bounds=bounds)
    monkeypatch.setattr("pipeline.runs.sites.composing.Typesetter", bounded)


def only_message(world: World) -> EmailMessage:
    (message,) = world.messages()
    return message


def told(report: Report) -> list[str]:
    return [str(fault) for fault in report.faults]


def settings(world: World, group: str, line: str) -> None:
    """Add a line to a group of the settings that is there or not."""
    text = world.config
    if f"\n{group}:\n" in text:
        text = text.replace(f"\n{group}:\n", f"\n{group}:\n  {line}\n")
    else:
        text += f"{group}:\n  {line}\n"
    world.configure(text)


def test_a_formula_is_an_image_in_the_feed_and_the_image_is_there(world: World) -> None:
    world.post("post", body=f"Look:\n\n{FRACTION}\n")
    assert told(world.run()) == []
    (url,) = images_in(entry(world).content[0].value)
    assert url.startswith("https://example.org/math/")
    data = published(world)[url.rpartition("/")[2]]
    sides = re.search(r'width="(\d+)" height="(\d+)"', world.feed("rss.xml"))
    assert sides is not None
    assert Image.open(BytesIO(data)).size == tuple(2 * int(n) for n in sides.groups())


def test_a_simple_formula_is_text_without_an_image(world: World) -> None:
    world.post("post", body="Of $x_i$ and $n$.")
    world.run()
    html = entry(world).content[0].value
    assert "<i>x</i><sub><i>i</i></sub>" in html
    assert published(world) == {}


def test_a_feed_may_show_mathml(world: World) -> None:
    settings(world, "feeds", "math: mathml")
    world.post("post", body=FRACTION)
    world.join("a@example.com")
    world.run()
    html = re.search(r"<!\[CDATA\[(.*?)\]\]>", world.feed("rss.xml"), re.DOTALL)
    assert "math xmlns=" in (html[1] if html else world.feed("rss.xml"))
    (message,) = world.messages()
    assert images_in(part(message, "html"))[0].startswith("cid:")


def test_a_mail_holds_its_formulas_and_its_text_says_them(world: World) -> None:
    world.post("post", body=f"Look:\n\n{FRACTION}\n\nand $\\sqrt{{2}}$.")
    world.join("a@example.com")
    world.run()
    message = only_message(world)
    html, images = part(message, "html"), attached(message)
    assert images_in(html) == list(images)
    assert len(images) == 2
    assert all(data.startswith(PNG) for data in images.values())
    assert set(images.values()) == set(published(world).values())
    assert 'alt="a/b"' in html
    assert "\r\n    a/b\r\n" in part(message, "plain")
    assert "and √2." in part(message, "plain")


def test_a_mail_may_link_its_formulas(world: World) -> None:
    settings(world, "mail", "math: linked")
    world.post("post", body=FRACTION)
    world.join("a@example.com")
    world.run()
    message = only_message(world)
    assert attached(message) == {}
    (url,) = images_in(part(message, "html"))
    assert url.rpartition("/")[2] in published(world)


def test_what_is_over_the_budget_is_linked(world: World) -> None:
    settings(world, "mail", "embedded_bytes: 0")
    world.post("post", body=FRACTION)
    world.join("a@example.com")
    world.run()
    (url,) = images_in(part(only_message(world), "html"))
    assert url.startswith("https://example.org/math/")


def test_a_formula_in_the_title_is_unicode_in_feeds_and_subject(world: World) -> None:
    world.post("post", title="'谈 $x^2$ 与 $\\alpha$'")
    world.join("a@example.com")
    world.run()
    for name in ("rss.xml", "atom.xml", "feed.json"):
        assert "谈 x² 与 α" in world.feed(name)
    assert "谈 x² 与 α" in str(only_message(world)["Subject"])
    assert "谈 x² 与 α" in part(only_message(world), "html")


def test_numbers_go_through_a_post_and_begin_anew_in_the_next(world: World) -> None:
    numbered = "\\begin{equation}a\\label{eq:a}\\end{equation}\n\nSee \\eqref{eq:a}."
    world.post("one", body=f"{numbered}\n\n\\begin{{equation}}b\\end{{equation}}")
    world.post("two", body=numbered)
    assert told(world.run()) == []
    texts = [re.sub(r"<[^>]+>", "", e.content[0].value) for e in _entries(world)]
    assert sorted(re.findall(r"\(\d\)", text) for text in texts) == [
        ["(1)", "(1)"],
        ["(1)", "(1)", "(2)"],
    ]


def test_two_formulas_written_alike_keep_their_own_numbers_and_meanings(
    world: World,
) -> None:
    numbered = "\\begin{equation}a\\end{equation}"
    redefined = r"$\newcommand{\q}{x}\q$ $\q$ $\renewcommand{\q}{y}\q$ $\q$"
    world.post("post", body=f"{numbered} and {numbered}\n\n{redefined}")
    assert told(world.run()) == []
    text = re.sub(r"<[^>]+>", "", entry(world).content[0].value)
    assert re.findall(r"\(\d\)", text) == ["(1)", "(2)"]
    assert "x x y y" in " ".join(text.split())


def _entries(world: World) -> list[feedparser.FeedParserDict]:
    return list(feedparser.parse(world.feed("atom.xml")).entries)


def test_a_macro_of_one_post_does_not_reach_the_next(world: World) -> None:
    world.post("one", body=r"$\newcommand{\mine}{x}\mine$ and $\mine$")
    world.post("two", body=r"$\mine$")
    (fault,) = told(world.run())
    assert "content/two.md:5: the formula \\mine cannot be typeset" in fault


def test_macros_of_the_settings_work_everywhere(world: World) -> None:
    settings(world, "math", "macros: {RR: '\\mathbb{R}'}")
    world.post("post", body=r"In $\RR$.")
    assert told(world.run()) == []
    assert "In <span" in entry(world).content[0].value
    assert "ℝ" in entry(world).content[0].value


def test_a_formula_that_fails_is_told_and_everything_else_goes_on(world: World) -> None:
    world.post("post", body="Well:\n\n$$\\frac{a}{b}$$\n\nbad $\\fraq{a}$ here.")
    world.join("a@example.com")
    report = world.run()
    (fault,) = report.faults
    assert str(fault).startswith(f"{world.folder}/content/post.md:9: the formula ")
    assert "Undefined control sequence \\fraq" in fault.what
    assert fault.severity is Severity.WARNING
    assert report.exit_status() == 0
    assert ">\\fraq{a}</code>" in part(only_message(world), "html")
    assert "bad \\fraq{a} here" in part(only_message(world), "plain")
    assert len(attached(only_message(world))) == 1


def test_check_tells_every_formula_that_fails(world: World) -> None:
    world.post("a", body="$\\wrong$ and $\\alsowrong$")
    world.post("b", body="$$\\frac{1}{$$")
    report = inspect(world.configuration(), FixedClock(world.time), Silent())
    assert [re.sub(r".*/", "", line)[:7] for line in told(report)] == [
        "a.md:5:",
        "a.md:5:",
        "b.md:5:",
    ]


def test_formulas_beyond_those_a_post_may_have_are_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound_posts(monkeypatch, Bounds(post_formulas=2))
    world.post("post", body="\n\n".join(f"$x_{{{n}}}$" for n in range(9)))
    (fault,) = told(world.run())
    assert "post.md:9: the formula x_{2} and what comes after it" in fault
    assert "The post has more than 2 formulas" in fault


def test_the_same_formula_failing_again_in_a_paragraph_is_told_once(
    world: World,
) -> None:
    world.post("post", body="$\\no$ and $\\no$\n\nand $\\no$")
    assert [line.split(":")[1] for line in told(world.run())] == ["5", "7"]


def test_what_found_no_time_is_tried_again_on_another_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.post("post", body=FRACTION)
    with monkeypatch.context() as today:
        bound_posts(today, Bounds(post_seconds=-1.0))
        (fault,) = told(world.run())
    assert "The post's formulas before it took more than" in fault
    assert world.run().sites[0].rendered == 0
    world.later(days=1)
    assert told(world.run()) == []
    assert images_in(entry(world).content[0].value)


def test_a_second_run_typesets_nothing(world: World) -> None:
    world.post("post", body=f"{FRACTION} $中$ $\\text{{中}}$")
    world.run()
    before = world.feeds()
    world.later(minutes=5)
    assert world.run().sites[0].rendered == 0
    assert world.feeds() == before


def test_images_come_back_when_the_output_is_emptied(world: World) -> None:
    world.post("post", body=FRACTION)
    world.run()
    before = world.feeds().keys()
    shutil.rmtree(world.folder / "public")
    shutil.rmtree(world.folder / "var" / "cache")
    report = world.run()
    assert world.feeds().keys() == before
    assert report.sites[0].rendered == 0


def test_without_its_cache_a_site_comes_out_the_same(world: World) -> None:
    world.post("post", body=FRACTION)
    world.run()
    before = {name: data for name, (data, _) in world.feeds().items()}
    for path in (world.folder / "var").glob("pressroom.db*"):
        path.unlink()
    shutil.rmtree(world.folder / "var" / "cache")
    world.run()
    assert {name: data for name, (data, _) in world.feeds().items()} == before


def test_a_post_that_is_broken_now_keeps_its_formulas(world: World) -> None:
    world.post("post", body=FRACTION)
    world.run()
    before = published(world)
    world.later(minutes=5)
    world.write("content/post.md", "---\ntitle: [\n---\n")
    shutil.rmtree(world.folder / "var" / "cache")
    shutil.rmtree(world.folder / "public")
    world.run()
    assert published(world) == before
    assert images_in(entry(world).content[0].value)


def test_a_frozen_issue_keeps_its_formulas_whatever_becomes_of_the_post(
    world: World,
) -> None:
    settings(world, "mail", "batch_size: 1")
    settings(world, "outbox", "ahead: 1")
    world.post("post", body=FRACTION)
    world.join("a@example.com")
    world.join("b@example.com")
    world.run()
    first = attached(only_message(world))
    world.take_all()
    world.later(minutes=5)
    world.post("post", body="No formula any more.")
    shutil.rmtree(world.folder / "var" / "cache")
    world.run()
    assert str(only_message(world)["To"]) == "b@example.com"
    assert attached(only_message(world)) == first


def test_images_that_nothing_shows_leave_the_store(world: World) -> None:
    world.post("post", body=FRACTION)
    world.run()
    world.later(minutes=5)
    world.post("post", body="No formula any more.")
    world.run()
    database = world.store()
    with database.transaction() as tx:
        row = tx.one("SELECT count(*) AS n FROM images")
    database.close()
    assert row is not None
    assert row["n"] == 0


def test_an_excerpt_never_cuts_a_formula(world: World) -> None:
    words = "word " * 118
    world.post("post", body=f"{words}$\\frac{{a}}{{b+c+d+e}}$ {'tail ' * 300}")
    world.join("a@example.com")
    world.run()
    html = part(only_message(world), "html")
    assert html.count("a/(b + c + d + e)") in (0, 1)
    assert "\\frac" not in html


def test_a_cache_that_cannot_be_written_stops_nothing(world: World) -> None:
    world.write("var/cache", b"a file where the folder should be")
    world.post("post", body=FRACTION)
    assert told(world.run()) == []
    assert len(published(world)) == 1


def test_an_output_that_cannot_be_written_is_told(world: World) -> None:
    world.post("post", body=FRACTION)
    world.write("public/math", b"a file where the folder should be")
    (error,) = world.run().errors
    assert "public/math" in str(error)


def test_neither_feed_nor_mail_names_an_image_that_could_not_be_written(
    world: World,
) -> None:
    settings(world, "mail", "math: linked")
    world.join("a@example.com")
    world.post("old", body="Words.")
    world.run()
    before = world.feeds()
    world.later(days=7)
    world.post("new", body=FRACTION, date="2026-11-26")
    in_the_way = world.write("public/math", b"a file where the folder should be")
    world.run()
    in_the_way.unlink()
    assert world.feeds() == before
    assert len(world.messages()) == 1
    world.later(minutes=5)
    assert world.run().errors == []
    assert "/math/" in world.feed()
    assert len(world.messages()) == 2


def test_a_font_that_is_none_is_told_when_it_is_needed(world: World) -> None:
    world.configure(CONFIG + "math:\n  font: nowhere.ttf\n")
    world.post("post", body="$\\text{中}$")
    with pytest.raises(ConfigError, match=r"math\.font"):
        world.run()


def test_a_drawing_of_latex_is_told_to_be_made_a_picture(world: World) -> None:
    world.post("one", body=r"\begin{tikzpicture}\draw (0,0);\end{tikzpicture}")
    (fault,) = told(world.run())
    assert "Unknown environment 'tikzpicture'" in fault
    assert "put it in as a picture, such as an SVG" in fault
