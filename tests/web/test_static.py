"""Files of `public/`: the right bytes, types and tags, and nothing from outside."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from pipeline.web.representations import MAX_FILE_BYTES, Shelf, represent
from pipeline.web.static import Root, accepts_gzip, find_file, is_fresh, roots_of
from tests.web.clients import Office, office, with_pages
from tests.world import World

PAGE = b"<!doctype html><title>Hello</title>" + b"<p>Words and words.</p>" * 100


@pytest.fixture
def shop(world: World) -> Iterator[Office]:
    """Give an application that serves a few files."""
    world.configure(with_pages(world.config))
    for name, data in {
        "public/rss.xml": b"<rss/>" + b"<!-- -->" * 200,
        "public/atom.xml": b"<feed/>",
        "public/feed.json": b"{}",
        "public/tags/数学/rss.xml": b"<rss/>",
        "public/archive/weekly/1/index.html": PAGE,
        "public/pixel.png": os.urandom(2_000),
        "public/.git/config": b"secret",
        "public/.hidden": b"secret",
        "outside.txt": b"secret",
    }.items():
        world.write(name, data)
    with office(world) as found:
        yield found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("rss.xml", "application/rss+xml"),
        ("atom.xml", "application/atom+xml"),
        ("feed.json", "application/feed+json"),
        ("tags/数学/rss.xml", "application/rss+xml"),
        ("archive/weekly/1/", "text/html; charset=utf-8"),
        ("archive/weekly/1/index.html", "text/html; charset=utf-8"),
        ("pixel.png", "image/png"),
    ],
)
@pytest.mark.parametrize("base", ["/", "/mail/"])
def test_a_file_has_its_media_type(
    shop: Office, base: str, path: str, kind: str
) -> None:
    answer = shop.client.get(base + path)
    if base == "/":
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
    else:
        # The site lies at the root of its address, and the pages below /mail/.
        assert answer.status_code == 404


def test_the_bytes_are_those_of_the_file(shop: Office) -> None:
    plain = shop.client.get("/rss.xml", headers={"Accept-Encoding": "identity"})
    file = (shop.world.folder / "public/rss.xml").read_bytes()
    assert plain.content == file
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    zipped = shop.client.get("/rss.xml", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) < len(file)
    assert zipped.content == file
    assert zipped.headers["etag"] != plain.headers["etag"]


def test_what_gzip_does_not_make_smaller_goes_as_it_is(shop: Office) -> None:
    for path in ("/pixel.png", "/atom.xml"):
        answer = shop.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in answer.headers
        assert "vary" not in answer.headers


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_who_has_a_file_already_gets_no_bytes(shop: Office, coding: str) -> None:
    ask = {"Accept-Encoding": coding}
    tag = shop.client.get("/rss.xml", headers=ask).headers["etag"]
    assert tag[0] == tag[-1] == '"'
    again = shop.client.get("/rss.xml", headers=ask | {"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = shop.client.get("/rss.xml", headers=ask | {"If-None-Match": '"x"'})
    assert other.status_code == 200


def test_a_file_that_changes_has_another_tag_and_one_written_again_has_not(
    shop: Office,
) -> None:
    first = shop.client.get("/atom.xml").headers["etag"]
    shop.world.write("public/atom.xml", b"<feed/>")
    assert shop.client.get("/atom.xml").headers["etag"] == first
    shop.world.write("public/atom.xml", b"<feed2>")
    changed = shop.client.get("/atom.xml")
    assert changed.headers["etag"] != first
    assert changed.content == b"<feed2>"


def test_a_file_is_read_and_zipped_once(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.client.get("/rss.xml")
    monkeypatch.delattr("pipeline.web.static.represent")
    assert shop.client.get("/rss.xml").status_code == 200


def test_a_large_file_goes_out_in_pieces(shop: Office) -> None:
    data = os.urandom(MAX_FILE_BYTES + 1)
    shop.world.write("public/talk.mp3", data)
    answer = shop.client.get("/talk.mp3")
    assert answer.content == data
    assert answer.headers["content-type"] == "audio/mpeg"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert shop.client.get("/talk.mp3", headers=tag).status_code == 304


def test_a_folder_without_its_slash_is_sent_there_and_none_is_listed(
    shop: Office,
) -> None:
    moved = shop.client.get("/archive/weekly/1", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "./1/")
    assert shop.client.get("/archive/weekly/1").content == PAGE
    for folder in ("/", "/archive/", "/archive", "/tags/"):
        assert shop.client.get(folder).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/archive/%2e%2e/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/..\\outside.txt",
        "/.hidden",
        "/.git/config",
        "//rss.xml",
        "/rss.xml/",
        "/rss.xml/x",
        "/rss.xml%00",
        "/" + "x" * 5_000,
        "/leads/out.txt",
        "/loop",
        "/pipe",
        "/http://example.org/rss.xml",
    ],
)
def test_nothing_outside_is_there_and_nothing_hidden(shop: Office, path: str) -> None:
    public = shop.world.folder / "public"
    (public / "leads").mkdir()
    (public / "leads/out.txt").symlink_to(shop.world.folder / "outside.txt")
    (public / "loop").symlink_to("loop")
    os.mkfifo(public / "pipe")
    answer = shop.client.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_a_link_within_is_followed(shop: Office) -> None:
    public = shop.world.folder / "public"
    (public / "latest").symlink_to("archive/weekly/1")
    assert shop.client.get("/latest/").content == PAGE


def test_a_file_that_goes_while_it_is_read_is_not_there(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("pipeline.web.static.represent", gone)
    assert shop.client.get("/rss.xml").status_code == 404


def test_a_site_is_served_at_the_path_of_its_address(world: World) -> None:
    """A proxy may hand the path on whole, or without that of `web.public_url`."""
    world.configure(
        with_pages(
            world.config.replace("https://example.org/", "https://example.org/blog/"),
            "https://example.org/blog/",
        )
    )
    world.write("public/rss.xml", b"<rss/>")
    with office(world) as found:
        assert found.client.get("/blog/rss.xml").status_code == 200
        assert found.client.get("/rss.xml").status_code == 200


def test_the_site_with_the_longest_path_answers_first(world: World) -> None:
    second = (
        "  - name: zh\n    folder: content\n    url: https://example.org/zh/\n"
        "    title: Zh\n    output: public-zh\n"
    )
    world.configure(world.config.replace("feeds:\n", f"{second}feeds:\n", 1))
    roots = roots_of(world.configuration().sites)
    assert [root.prefix for root in roots] == ["/zh/", "/"]
    world.write("public-zh/rss.xml", "zh")
    world.write("public/rss.xml", "en")
    found = [find_file(roots, path) for path in ("/zh/rss.xml", "/rss.xml")]
    names = [Path(one.path).parent.name for one in found if one]
    assert names == ["public-zh", "public"]


@given(path=st.text(alphabet="./\\a~%\0é ", max_size=12))
def test_no_path_leads_out_of_the_folder(
    path: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "roots"
    (folder / "in/a").mkdir(parents=True, exist_ok=True)
    (folder / "a").write_bytes(b"out")
    (folder / "in/a/index.html").write_bytes(b"in")
    found = find_file([Root("/", str(folder / "in"))], f"/{path}")
    assert found is None or found.path == str(folder / "in/a/index.html")


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_goes_to_whom_takes_it(header: str, accepts: bool) -> None:
    assert accepts_gzip(header) is accepts


MODIFIED = "Fri, 20 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "fresh"),
    [
        ({}, False),
        ({"If-None-Match": '"a"'}, True),
        ({"If-None-Match": 'W/"a"'}, True),
        ({"If-None-Match": '"b", "a"'}, True),
        ({"If-None-Match": "*"}, True),
        ({"If-None-Match": '"b"', "If-Modified-Since": MODIFIED}, False),
        ({"If-Modified-Since": MODIFIED}, True),
        ({"If-Modified-Since": "Fri, 20 Nov 2026 08:59:59 GMT"}, False),
        ({"If-Modified-Since": "Fri, 20 Nov 2026 09:00:00 -0000"}, False),
        ({"If-Modified-Since": "yesterday"}, False),
        ({"If-Modified-Since": "1 Jan 99999 00:00:00 GMT"}, False),
    ],
)
def test_a_client_says_what_it_has(asked: dict[str, str], fresh: bool) -> None:
    assert is_fresh(Headers(asked), '"a"', MODIFIED) is fresh


def test_a_shelf_keeps_what_was_used_last(tmp_path: Path) -> None:
    shelf, kept = Shelf(max_bytes=25), {}
    for name in "abc":
        (tmp_path / name).write_bytes(b"x" * 10)
        kept[name] = (str(tmp_path / name), (tmp_path / name).stat())
        shelf.keep(*kept[name], represent(*kept[name]))
        shelf.find(*kept["a"])
    assert [name for name in "abc" if shelf.find(*kept[name])] == ["a", "c"]


def test_the_same_bytes_are_zipped_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    os.utime(path, (0, 0))
    one = represent(str(path), path.stat())
    os.utime(path, (10**9, 10**9))
    two = represent(str(path), path.stat())
    assert one.gzipped == two.gzipped
    assert one.tag == two.tag
    assert gzip.decompress(one.gzipped) == PAGE
    assert one.modified == "Thu, 01 Jan 1970 00:00:00 GMT"
