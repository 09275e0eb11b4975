"""What a folder of posts holds, and what is told of what cannot be looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest

from pipeline.base.errors import ContentError, InputError
from pipeline.base.faults import Severity
from pipeline.content.scan import ListFolder, Scan, read_bytes, scan_folder


def write(folder: Path, *paths: str, text: str = "x") -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def scan(
    folder: Path,
    exclude: Iterable[str] = (),
    list_folder: ListFolder = os.scandir,
) -> Scan:
    return scan_folder(
        folder,
        exclude=exclude,
        max_bytes=1000,
        shown_as="posts",
        list_folder=list_folder,
    )


def posts(found: Scan) -> list[str]:
    return [post.path for post in found.posts]


def test_posts_are_found_in_every_folder_and_sorted(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a/z.markdown", "a/b/c.HTML", "x.mkd", "y.mdown", "z.htm")
    found = scan(tmp_path)
    assert posts(found) == [
        "a/b/c.HTML",
        "a/z.markdown",
        "b.md",
        "x.mkd",
        "y.mdown",
        "z.htm",
    ]
    assert found.assets == frozenset()
    assert found.faults == ()


def test_every_other_file_is_an_asset(tmp_path: Path) -> None:
    write(tmp_path, "a/index.md", "a/图 1.png", "notes.rst", "c.md.bak")
    found = scan(tmp_path)
    assert posts(found) == ["a/index.md"]
    assert found.assets == {"a/图 1.png", "notes.rst", "c.md.bak"}


def test_a_post_has_the_key_that_changes_when_its_file_does(tmp_path: Path) -> None:
    write(tmp_path, "a.md", text="four")
    status = (tmp_path / "a.md").stat()
    (post,) = scan(tmp_path).posts
    assert post.stat.size == 4
    assert post.stat.mtime_ns == status.st_mtime_ns
    assert post.stat.ctime_ns == status.st_ctime_ns
    assert post.stat.inode == status.st_ino


class FarEntry:
    """An entry as some file systems have it: with an inode of 64 bits."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path = entry.name, entry.path
        self._status = entry.stat()

    def is_dir(self) -> bool:
        return False

    def stat(self) -> os.stat_result:
        times = {n: getattr(self._status, n) for n in ("st_mtime_ns", "st_ctime_ns")}
        return os.stat_result((self._status[0], 2**64 - 1, *self._status[2:]), times)


def test_a_key_has_numbers_that_a_store_can_hold(tmp_path: Path) -> None:
    write(tmp_path, "a.md")

    def list_folder(path: str) -> Iterable[os.DirEntry[str]]:
        return [cast("os.DirEntry[str]", FarEntry(e)) for e in os.scandir(path)]

    (post,) = scan(tmp_path, list_folder=list_folder).posts
    assert post.stat.inode == -1


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path) == Scan()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="folder of posts posts cannot be read: No such"
    ):
        scan(tmp_path / "nowhere")


def test_hidden_files_and_tools_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".git/a.md", ".obsidian/b.md", "node_modules/c.md", ".#d.md")
    write(tmp_path, "_layouts/e.html", "_includes/f.html", "_site/g.html")
    assert scan(tmp_path) == Scan()


def test_pages_of_sections_and_of_the_site_are_no_posts(tmp_path: Path) -> None:
    write(tmp_path, "_index.md", "blog/_index.zh.md", "index.md", "index.en.html")
    write(tmp_path, "blog/index.md", "index-of-all.md")
    found = scan(tmp_path)
    assert posts(found) == ["blog/index.md", "index-of-all.md"]
    assert found.assets == frozenset()


def test_beside_a_posts_folder_nothing_else_is_a_post(tmp_path: Path) -> None:
    write(tmp_path, "about.md", "README.md", "img/a.png")
    assert posts(scan(tmp_path)) == ["README.md", "about.md"]
    write(tmp_path, "_posts/a.md", "essays/_posts/b.md", "_drafts/c.md")
    found = scan(tmp_path)
    assert posts(found) == ["_drafts/c.md", "_posts/a.md", "essays/_posts/b.md"]
    assert found.assets == {"img/a.png"}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("drafts", ["a.md", "b/a.md"]),
        ("drafts/", ["a.md", "b/a.md"]),
        ("drafts/*", ["a.md", "b/a.md", "b/drafts/c.md"]),
        ("/drafts", ["a.md", "b/a.md", "b/drafts/c.md"]),
        ("**/drafts", ["a.md", "b/a.md"]),
        ("a.md", ["b/drafts/c.md", "drafts/c.md"]),
        ("b/*.md", ["a.md", "drafts/c.md"]),
        ("c.*", ["a.md", "b/a.md"]),
    ],
)
def test_patterns_exclude_paths_and_names(
    tmp_path: Path, pattern: str, left: list[str]
) -> None:
    write(tmp_path, "a.md", "drafts/c.md", "b/a.md", "b/drafts/c.md")
    assert posts(scan(tmp_path, exclude=[pattern])) == left


def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/shared/a.md", "elsewhere/b.md", "elsewhere/c.png")
    site = tmp_path / "site"
    site.mkdir()
    for name in ("shared", "b.md", "c.png"):
        (site / name).symlink_to(tmp_path / "elsewhere" / name)
    found = scan(site)
    assert posts(found) == ["b.md", "shared/a.md"]
    assert found.assets == {"c.png"}
    assert found.faults == ()


def test_a_loop_of_links_is_told_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "a/b/post.md", "z.md")
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    found = scan(tmp_path)
    assert posts(found) == ["a/b/post.md", "z.md"]
    (fault,) = found.faults
    assert str(fault) == (
        "posts/a/b/up: the link leads back to a folder that it lies in "
        "(remove it, or put it into the site's `exclude`)"
    )


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    write(tmp_path, "z.md")
    (tmp_path / "a.md").symlink_to("a.md")
    found = scan(tmp_path)
    assert posts(found) == ["z.md"]
    assert [fault.path for fault in found.faults] == ["posts/a.md"]


def test_a_link_to_nowhere_costs_only_itself(tmp_path: Path) -> None:
    write(tmp_path, "z.md")
    (tmp_path / "a.md").symlink_to("gone.md")
    (tmp_path / "b.png").symlink_to("gone.png")
    found = scan(tmp_path)
    assert posts(found) == ["z.md"]
    assert [(f.path, f.severity) for f in found.faults] == [
        ("posts/a.md", Severity.FAULT),
        ("posts/b.png", Severity.WARNING),
    ]
    assert "leads nowhere" in found.faults[0].what


def test_a_post_that_is_too_large_is_told_with_its_size(tmp_path: Path) -> None:
    write(tmp_path, "a.md", text="x" * 1001)
    write(tmp_path, "b.md", text="x" * 1000)
    write(tmp_path, "c.png", text="x" * 5000)
    found = scan(tmp_path)
    assert posts(found) == ["b.md"]
    (fault,) = found.faults
    assert fault.path == "posts/a.md"
    assert fault.what == "the post has 1,001 bytes, more than 1,000"
    assert "max_post_bytes" in fault.remedy


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    os.mkfifo(tmp_path / "b.png")
    found = scan(tmp_path)
    assert found.posts == ()
    assert found.assets == frozenset()
    assert [fault.what for fault in found.faults] == ["this is no file"]


def test_a_name_that_no_address_can_hold_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a\nb.md", "全角　空格.md")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb2\xe2.md"))).write_text("x")
    found = scan(tmp_path)
    assert posts(found) == ["全角　空格.md"]
    assert [fault.path for fault in found.faults] == [
        "posts/a\N{REPLACEMENT CHARACTER}b.md",
        "posts/\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.md",
    ]


def test_a_folder_that_cannot_be_read_is_told_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    write(tmp_path, "locked/a.md", "b.md")

    def refuse(path: str) -> Iterable[os.DirEntry[str]]:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return os.scandir(path)

    found = scan(tmp_path, list_folder=refuse)
    assert posts(found) == ["b.md"]
    (fault,) = found.faults
    assert fault.path == "posts/locked"
    assert fault.what == "the folder cannot be read: Permission denied"


def test_a_file_that_goes_during_the_scan_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b.md")

    def list_and_remove(path: str) -> Iterable[os.DirEntry[str]]:
        entries = list(os.scandir(path))
        (tmp_path / "a.md").unlink()
        return entries

    found = scan(tmp_path, list_folder=list_and_remove)
    assert posts(found) == ["b.md"]
    assert found.faults == ()


def test_the_folder_is_named_by_its_path_where_no_name_is_given(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").symlink_to("gone.md")
    (fault,) = scan_folder(tmp_path, max_bytes=10).faults
    assert fault.path == f"{tmp_path}/a.md"


def test_bytes_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\r\n")
    assert read_bytes(tmp_path, "a.md") == b"\xff\r\n"


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_bytes(tmp_path, "gone.md")
    (fault,) = caught.value.faults
    assert fault.path == "gone.md"
    assert fault.what == "the file cannot be read: No such file or directory"
