"""Slots: what marks a reader's own values in a page, and what it withstands."""

from __future__ import annotations

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from pipeline.digest.slots import (
    SLOT_NAMES,
    SlotMisuse,
    choose_sentinel,
    make_slots,
    split,
)

SENTINEL = choose_sentinel(["a page"])
ADDRESS = make_slots(SENTINEL)["address"]


def test_there_is_a_slot_for_every_value_of_a_reader() -> None:
    assert tuple(make_slots(SENTINEL)) == SLOT_NAMES


def test_a_slot_prints_alike_in_text_and_in_html() -> None:
    assert str(ADDRESS) == f"{SENTINEL}address{SENTINEL}" == escape(ADDRESS)


@pytest.mark.parametrize(
    "use",
    [
        bool,
        len,
        list,
        hash,
        lambda slot: slot == "a",
        lambda slot: slot != "a",
        lambda slot: "a" in slot,
        lambda slot: slot + "a",
        lambda slot: "a" + slot,
        lambda slot: slot * 2,
        lambda slot: slot[0],
        lambda slot: slot(),
        lambda slot: slot % (),
        lambda slot: sorted([slot, slot]),
        operator.methodcaller("__le__", "a"),
    ],
)
def test_a_slot_refuses_all_but_printing(use: object) -> None:
    with pytest.raises(SlotMisuse, match="'address' differs for each reader"):
        use(ADDRESS)  # type: ignore[operator]


@given(st.lists(st.text()))
def test_the_sentinel_is_an_ascii_word_that_is_not_in_the_material(
    material: list[str],
) -> None:
    sentinel = choose_sentinel(material)
    assert sentinel.isascii()
    assert sentinel.isalnum()
    assert not any(sentinel in text for text in material)
    assert choose_sentinel(material) == sentinel


def test_material_that_quotes_a_sentinel_gets_another() -> None:
    quoted = [f"our own page has {SENTINEL} in it"]
    assert choose_sentinel(quoted) not in quoted[0]


@given(
    st.lists(st.text(st.characters(codec="utf-8")), min_size=1),
    st.data(),
)
def test_splitting_gives_back_what_was_joined(
    pieces: list[str], data: st.DataObject
) -> None:
    gaps = len(pieces) - 1
    names = data.draw(
        st.lists(st.sampled_from(SLOT_NAMES), min_size=gaps, max_size=gaps)
    )
    slots = make_slots(choose_sentinel(pieces))
    page = pieces[0] + "".join(
        f"{slots[name]}{piece}" for name, piece in zip(names, pieces[1:], strict=True)
    )
    assert split(page, choose_sentinel(pieces)) == (tuple(pieces), tuple(names))


@pytest.mark.parametrize(
    "damaged",
    [str(ADDRESS)[:-4], str(ADDRESS)[: len(SENTINEL) - 3], str(ADDRESS).upper()],
)
def test_a_slot_that_was_cut_or_changed_is_noticed(damaged: str) -> None:
    with pytest.raises(SlotMisuse, match="cut or changed"):
        split(f"Dear {damaged}!", SENTINEL)
