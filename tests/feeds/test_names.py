"""Which spellings are one name, and the folder of a name's feed."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pipeline.feeds.names import feed_folder, fold_name


@pytest.mark.parametrize(
    "spelling",
    [
        "Deep Learning",
        "deep-learning",
        "deep_learning",
        " DEEP \u3000LEARNING",
        "deep‐learning",
    ],
)
def test_case_space_hyphen_and_underscore_make_no_other_name(spelling: str) -> None:
    assert fold_name(spelling) == "deep-learning"


def test_composed_and_decomposed_letters_make_one_name() -> None:
    assert fold_name("Cafe\u0301") == fold_name("CAF\u00c9")


@pytest.mark.parametrize(
    ("kind", "name", "folder"),
    [
        ("tags", "数学", "tags/数学"),
        ("authors", "苏剑林", "authors/苏剑林"),
        ("authors", "Ann Lee", "authors/ann-lee"),
        ("languages", "zh-CN", "languages/zh-cn"),
        ("languages", "zh_CN", "languages/zh-cn"),
        ("series", "变分 自编码器", "series/变分-自编码器"),
        ("tags", "Ελλάδα", "tags/ελλάδα"),
        ("tags", "हिन्दी", "tags/हिन्दी"),
    ],
)
def test_a_folder_is_the_name_readable_in_its_own_script(
    kind: str, name: str, folder: str
) -> None:
    assert feed_folder(kind, name) == folder


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("C++", "tags/c-cedb1b"),
        ("C#", "tags/c-951a4d"),
        ("C", "tags/c"),
        ("..", "tags/name-5ec1f7"),
        ("../../etc/passwd", "tags/etc-passwd-3754d6"),
        ("a/b", "tags/a-b-c14cdd"),
        ("nul", "tags/nul-99e624"),
        ("COM1", "tags/com1-957a49"),
        ("🎉", "tags/name-614629"),
        ("x²", "tags/x2-f3b5ff"),
        ("c-cedb1b", "tags/c-cedb1b-28780f"),
    ],
)
def test_what_letters_do_not_say_is_told_apart_by_digits(
    name: str, folder: str
) -> None:
    assert feed_folder("tags", name) == folder


def test_a_long_name_is_cut_between_characters() -> None:
    folder = feed_folder("tags", "数" * 40)
    assert re.fullmatch("tags/数{31}-[0-9a-f]{6}", folder)
    assert feed_folder("tags", "数" * 33) == "tags/" + "数" * 33
    assert feed_folder("tags", "数" * 41) != folder


NAMES = st.text() | st.text(st.sampled_from("Cc+#./\\ -_数²\x00\ud800a1"), max_size=6)


@given(NAMES, NAMES)
@example("C++", "C#")
@example("", "name")
@example("ſ", "s")
def test_names_share_a_folder_exactly_when_they_are_one(one: str, other: str) -> None:
    is_one_name = fold_name(one) == fold_name(other)
    assert (feed_folder("tags", one) == feed_folder("tags", other)) == is_one_name


@given(NAMES)
def test_a_folder_is_one_safe_part_of_a_path(name: str) -> None:
    part = feed_folder("tags", name).removeprefix("tags/")
    assert 0 < len(part.encode()) <= 100
    assert not set(part) & set('/\\:*?"<>|.% \x00')
    assert part.isprintable()
    assert part == part.casefold()
    assert not re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", part)


@given(NAMES)
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    folded = fold_name(name)
    assume(folded)
    assert fold_name(folded) == folded
