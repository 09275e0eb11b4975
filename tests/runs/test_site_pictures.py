"""The pictures of a site: sizes in feeds and mail, copies that mail clients show."""

from __future__ import annotations

import re
import shutil
from io import BytesIO

import pytest
from PIL import Image

from pipeline.base.clock import FixedClock
from pipeline.runs.inspect import inspect
from pipeline.runs.report import Silent
from tests.runs.test_formulas import attached, images_in, only_message, settings, told
from tests.world import World, part

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80">'
    '<rect width="120" height="80" fill="teal"/></svg>'
)


def picture(kind: str, width: int = 300, height: int = 200) -> bytes:
    """Return a picture of two colours in the format `kind`."""
    image = Image.new("RGB", (width, height), "navy")
    image.paste("orange", (0, 0, width // 2, height))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def shown(world: World) -> str:
    """Return the HTML of the one message; an excerpt shows its picture apart."""
    return part(only_message(world), "html")


def copies(world: World) -> dict[str, tuple[str | None, tuple[int, int]]]:
    """Return the format and the size of each copy, by its name."""
    found = {}
    for path in sorted((world.folder / "public" / "images").glob("*")):
        with Image.open(path) as image:
            found[path.name] = image.format, image.size
    return found


@pytest.fixture
def mailed(world: World) -> World:
    """A world with a reader, whose newsletter shows posts whole."""
    world.configure(world.config.replace("backfill: 5", "backfill: 5\n    body: full"))
    world.join("a@example.com")
    return world


def test_every_local_picture_has_its_size_in_the_feed(world: World) -> None:
    world.write("content/a.png", picture("PNG"))
    world.write("content/b.svg", SVG)
    world.post("post", body="![a](a.png)\n\n![b](b.svg)\n\n![c](https://x.test/c.png)")
    assert told(world.run()) == []
    feed = world.feed("rss.xml")
    assert re.search(r'a\.png"[^>]* width="300" height="200"', feed)
    assert re.search(r'b\.svg"[^>]* width="120" height="80"', feed)
    assert not re.search(r'c\.png"[^>]* width=', feed)


def test_a_picture_saved_anew_is_measured_anew(world: World) -> None:
    world.write("content/a.png", picture("PNG"))
    world.post("post", body="![a](a.png)")
    world.run()
    world.later(minutes=5)
    world.write("content/a.png", picture("PNG", 50, 60))
    assert world.run().sites[0].rendered == 1
    assert 'width="50" height="60"' in world.feed("rss.xml")


def test_a_picture_below_the_assets_is_measured_too(world: World) -> None:
    world.configure(
        world.config.replace("    title: Ex", "    assets: [static]\n    title: Ex")
    )
    world.write("static/img/a.png", picture("PNG"))
    world.post("post", body="![a](/img/a.png)")
    world.run()
    assert 'width="300" height="200"' in world.feed("rss.xml")


def test_what_is_no_picture_is_told(world: World) -> None:
    world.write("content/a.png", "this is text")
    world.post("post", body="Look:\n\n![a](a.png)")
    (fault,) = told(world.run())
    assert "content/post.md:7: the picture a.png" in fault


def test_what_is_no_picture_is_told_once_when_it_is_mailed(mailed: World) -> None:
    mailed.write("content/a.png", "this is text")
    mailed.post("post", body="Look:\n\n![a](a.png)")
    (fault,) = told(mailed.run())
    assert "content/post.md:7: the picture a.png" in fault


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "BMP"])
def test_what_mail_cannot_show_becomes_a_copy_that_it_can(
    mailed: World, kind: str
) -> None:
    mailed.write(f"content/a.{kind.lower()}", picture(kind))
    mailed.post("post", body=f"![a](a.{kind.lower()})")
    assert told(mailed.run()) == []
    ((name, (form, size)),) = copies(mailed).items()
    assert form in ("PNG", "JPEG")
    assert size == (300, 200)
    assert images_in(shown(mailed)) == [f"https://example.org/images/{name}"]
    assert f"a.{kind.lower()}" in mailed.feed("rss.xml")


def test_a_drawing_becomes_a_picture(mailed: World) -> None:
    mailed.write("content/a.svg", SVG)
    mailed.post("post", body="![a](a.svg)")
    assert told(mailed.run()) == []
    ((_, (form, _)),) = copies(mailed).items()
    assert form == "PNG"
    assert 'width="120"' in shown(mailed)


def test_a_picture_that_mail_can_show_stays_where_it_is(mailed: World) -> None:
    mailed.write("content/a.png", picture("PNG"))
    mailed.post("post", body="![a](a.png)")
    mailed.run()
    assert copies(mailed) == {}
    assert images_in(shown(mailed)) == ["https://example.org/a.png"]


def test_a_large_photograph_is_scaled_to_twice_the_column(mailed: World) -> None:
    mailed.write("content/a.jpg", picture("JPEG", 3000, 2000))
    mailed.post("post", body="![a](a.jpg)")
    mailed.run()
    ((_, (form, size)),) = copies(mailed).items()
    assert (form, size) == ("JPEG", (1072, 715))
    assert 'width="536" height="357"' in shown(mailed)


def test_pictures_may_be_embedded(mailed: World) -> None:
    settings(mailed, "mail", "images: embedded")
    data = picture("PNG")
    mailed.write("content/a.png", data)
    mailed.write("content/b.webp", picture("WEBP"))
    mailed.post("post", body="![a](a.png)\n\n![b](b.webp)")
    mailed.run()
    images = attached(only_message(mailed))
    assert list(images) == images_in(shown(mailed))
    assert data in images.values()
    assert len(images) == 2


def test_a_copy_is_made_again_without_the_cache(mailed: World) -> None:
    mailed.write("content/a.webp", picture("WEBP"))
    mailed.post("post", body="![a](a.webp)")
    mailed.run()
    before = copies(mailed)
    shutil.rmtree(mailed.folder / "var" / "cache")
    shutil.rmtree(mailed.folder / "public")
    mailed.later(days=7)
    mailed.post("next", body="![a](a.webp)", date="2026-11-25")
    mailed.run()
    assert copies(mailed) == before


def test_a_picture_that_cannot_be_copied_stays_a_link_and_is_told(
    mailed: World,
) -> None:
    data = picture("WEBP")
    mailed.write("content/a.webp", data[: len(data) // 2])
    mailed.post("post", body="![a](a.webp)")
    report = mailed.run()
    assert any("the picture a.webp" in fault for fault in told(report))
    assert images_in(shown(mailed)) == ["https://example.org/a.webp"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_link_out_of_the_folder_gives_its_file_to_nobody(
    mailed: World, kind: str
) -> None:
    settings(mailed, "mail", "images: embedded")
    private = mailed.write(f"private/photo.{kind}", picture(kind))
    mailed.post("post", body="Look:\n\n![a](a.png)")
    (mailed.folder / "content" / "a.png").symlink_to(private)
    (fault,) = told(mailed.run())
    assert "content/post.md: the picture a.png: it is a link to a file outside" in fault
    assert images_in(shown(mailed)) == ["https://example.org/a.png"]
    assert copies(mailed) == {}


def test_a_link_within_the_folders_is_followed(mailed: World) -> None:
    settings(mailed, "mail", "images: embedded")
    data = picture("PNG")
    kept = mailed.write("content/pictures/photo.png", data)
    (mailed.folder / "content" / "a.png").symlink_to(kept)
    mailed.post("post", body="![a](a.png)")
    assert told(mailed.run()) == []
    assert data in attached(only_message(mailed)).values()


def test_a_picture_larger_than_any_is_not_read(mailed: World) -> None:
    with mailed.write("content/a.png", picture("PNG")).open("r+b") as file:
        file.truncate(2**40)
    mailed.post("post", body="![a](a.png)")
    (fault,) = told(mailed.run())
    assert f"post.md:5: the picture a.png: it has {2**40} bytes" in fault
    assert images_in(shown(mailed)) == ["https://example.org/a.png"]


def test_nothing_is_asked_of_a_picture_elsewhere(mailed: World) -> None:
    settings(mailed, "mail", "images: embedded")
    mailed.post("post", body="![a](https://elsewhere.test/a.webp)")
    assert told(mailed.run()) == []
    assert images_in(shown(mailed)) == ["https://elsewhere.test/a.webp"]


def test_alt_texts_stay_as_the_author_wrote_them(mailed: World) -> None:
    mailed.write("content/a.png", picture("PNG"))
    mailed.post("post", body='![a  "cat" $x_1$ & more](a.png)')
    mailed.run()
    assert 'alt="a  &quot;cat&quot; $x_1$ &amp; more"' in mailed.feed(
        "feed.json"
    ).replace('\\"', '"')


def test_check_tells_a_picture_without_alternative_text(world: World) -> None:
    world.write("content/a.png", picture("PNG"))
    world.post("post", body="Look:\n\n![](a.png) ![  ](a.png)\n\n![said](a.png)")
    assert told(world.run()) == []
    report = inspect(world.configuration(), FixedClock(world.time), Silent())
    assert [line.rpartition("/")[2] for line in told(report)] == [
        "post.md:7: the picture a.png has no alternative text (say in its brackets "
        "what it shows: it is read aloud, and shown where pictures are not)"
    ]
    assert report.exit_status() == 0
