"""A text is cut where a reader would pause."""

from pipeline.content.sentences import (
    ATOM,
    PICTURE,
    cut_at,
    ellipsis_after,
    measure,
    trim,
)


def test_a_text_that_fits_is_not_cut() -> None:
    assert cut_at("one two", 5) == len("one two")
    assert cut_at("", 5) == 0


def test_one_word_is_always_kept() -> None:
    assert cut_at("one two", 0) == len("one")


def test_what_is_no_text_counts_as_a_word() -> None:
    assert measure(f"one{ATOM}two{PICTURE}") == 4


def test_a_word_too_long_for_a_line_is_cut() -> None:
    assert cut_at("x" * 1000, 2) == 200


def test_what_opens_something_is_trimmed_but_never_all() -> None:
    assert trim("他说：“") == "他说"
    assert trim("（") == "（"


def test_the_ellipsis_stands_apart_after_a_latin_full_stop_only() -> None:
    assert [ellipsis_after(text) for text in ("a.", "a", "一。", "a…")] == [
        " …",
        "…",
        "…",
        "",
    ]
