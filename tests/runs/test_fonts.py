"""Which font draws the Chinese in formulas: the owner's, the system's, the extra's."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pipeline.base.errors import ConfigError
from pipeline.runs.sites.fonts import find_font, read_font
from tests.math.svgs import save_collection, squares

SIMPLIFIED = "一中文这说为"
EXTRA = "noto_cjk_sans_otc"
JAPANESE = "一中文あ働"


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system without fonts: no extra, and a folder of commands that is empty."""
    commands = tmp_path / "bin"
    commands.mkdir()
    monkeypatch.setenv("PATH", str(commands))
    monkeypatch.setitem(sys.modules, EXTRA, None)
    return commands


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python imports from, before any other."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, EXTRA)
    return folder


def save(font: TTFont, path: Path) -> Path:
    font.save(path)
    return path


def answer(system: Path, *lines: object, status: int = 0) -> None:
    """Let fontconfig answer with these lines."""
    command = system / "fc-match"
    printed = "".join(f"echo '{line}'\n" for line in lines)
    command.write_text(f"#!/bin/sh\n{printed}exit {status}\n")
    command.chmod(0o755)


def install_extra(site_packages: Path, font: TTFont) -> Path:
    package = site_packages / EXTRA
    package.mkdir()
    (package / "__init__.py").touch()
    return save(font, package / "NotoSansCJK-Regular.ttc")


def fault_of(setting: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        find_font(setting)
    (fault,) = refused.value.faults
    assert fault.path == "math.font"
    assert fault.remedy
    return fault.what


def test_the_owners_font_comes_first(tmp_path: Path, system: Path) -> None:
    mine = save(squares(SIMPLIFIED, "Mine"), tmp_path / "mine.ttf")
    answer(system, save(squares(SIMPLIFIED, "Other"), tmp_path / "other.ttf"))

    font = find_font(mine)

    assert font
    assert (font.path, font.family) == (str(mine), "Mine")
    assert font.characters == frozenset(map(ord, SIMPLIFIED))


def test_the_owner_may_take_a_font_for_japanese(tmp_path: Path) -> None:
    assert find_font(save(squares(JAPANESE), tmp_path / "japanese.ttf"))


def test_a_setting_that_names_no_file_is_a_fault(tmp_path: Path) -> None:
    assert "no font that can be read" in fault_of(tmp_path / "missing.ttf")


@pytest.mark.parametrize("octets", [b"", b"ttcf", b"no font", b"\x00\x01\x00\x00" * 9])
def test_a_setting_that_names_no_font_is_a_fault(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "picture.ttf"
    path.write_bytes(octets)

    assert "no font that can be read" in fault_of(path)


def test_a_font_cut_short_anywhere_is_no_font(tmp_path: Path) -> None:
    whole = save(squares(SIMPLIFIED), tmp_path / "whole.ttf").read_bytes()
    cut = tmp_path / "cut.ttf"

    for size in range(0, len(whole) - 1, 31):
        cut.write_bytes(whole[:size])
        with pytest.raises(ConfigError):
            find_font(cut)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some.data())
def test_a_damaged_font_is_a_font_or_a_fault(
    tmp_path: Path, data: some.DataObject
) -> None:
    octets = bytearray(save(squares(SIMPLIFIED), tmp_path / "whole.ttf").read_bytes())
    for place in data.draw(some.sets(some.integers(0, 400), min_size=1, max_size=4)):
        octets[place] = data.draw(some.integers(0, 255))
    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes(octets)

    with suppress(ConfigError):
        assert find_font(damaged)


def test_a_setting_without_chinese_is_a_fault(tmp_path: Path) -> None:
    latin = save(squares("abc"), tmp_path / "latin.ttf")

    assert fault_of(latin) == f"{latin} holds no Chinese"


def test_a_font_that_would_leave_text_blank_is_a_fault(tmp_path: Path) -> None:
    nameless = squares(SIMPLIFIED)
    del nameless["name"].names[:]

    path = save(nameless, tmp_path / "nameless.ttf")

    assert "cannot be drawn with" in fault_of(path)


def test_the_best_font_of_fontconfig_is_taken(tmp_path: Path, system: Path) -> None:
    best = save(squares(SIMPLIFIED, "Best"), tmp_path / "字 体.ttf")
    answer(system, best, save(squares(SIMPLIFIED, "Second"), tmp_path / "second.ttf"))

    font = find_font(None)

    assert font
    assert (font.path, font.family) == (str(best), "Best")


def test_what_has_no_simplified_chinese_is_passed_over(
    tmp_path: Path, system: Path
) -> None:
    latin = save(squares("abc"), tmp_path / "latin.ttf")
    japanese = save(squares(JAPANESE), tmp_path / "japanese.ttf")
    chinese = save(squares(SIMPLIFIED), tmp_path / "chinese.ttf")
    answer(system, tmp_path / "gone.ttf", latin, japanese, chinese)

    font = find_font(None)

    assert font
    assert font.path == str(chinese)


def test_without_fontconfig_the_extra_is_taken(site_packages: Path) -> None:
    path = install_extra(site_packages, squares(SIMPLIFIED, "Packed"))

    font = find_font(None)

    assert font
    assert (font.path, font.family) == (str(path), "Packed")


def test_where_fontconfig_fails_the_extra_is_taken(
    tmp_path: Path, system: Path, site_packages: Path
) -> None:
    installed = save(squares(SIMPLIFIED, "Installed"), tmp_path / "installed.ttf")
    answer(system, installed, status=1)
    install_extra(site_packages, squares(SIMPLIFIED, "Packed"))

    font = find_font(None)

    assert font
    assert font.family == "Packed"


def test_there_may_be_no_font_at_all() -> None:
    assert find_font(None) is None


def test_an_extra_without_its_file_is_none(site_packages: Path) -> None:
    install_extra(site_packages, squares(SIMPLIFIED)).unlink()

    assert find_font(None) is None


def test_an_empty_folder_in_the_place_of_the_extra_is_none(site_packages: Path) -> None:
    (site_packages / EXTRA).mkdir()

    assert find_font(None) is None


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_collection_the_face_named_in_simplified_chinese_is_taken(
    tmp_path: Path, turned: bool
) -> None:
    faces = [
        squares(SIMPLIFIED, "Noto Sans CJK JP"),
        squares(SIMPLIFIED, "Noto Sans CJK SC", chinese_name="思源黑体"),
        squares(SIMPLIFIED, "Noto Sans Mono CJK SC", chinese_name="思源等宽"),
    ]
    path = save_collection(faces[::-1] if turned else faces, tmp_path / "all.ttc")

    font = find_font(path)

    assert font
    assert font.family == "Noto Sans CJK SC"


def test_of_faces_alike_the_first_is_taken(tmp_path: Path) -> None:
    faces = [squares(SIMPLIFIED, family) for family in ("One", "Two")]

    font = read_font(save_collection(faces, tmp_path / "alike.ttc"))

    assert font
    assert font.family == "One"
