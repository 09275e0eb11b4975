"""Markdown beyond CommonMark: tables, tasks, footnotes, lists, attributes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

Outline = Callable[..., str]


def test_a_table_keeps_the_alignment_of_its_columns(outline: Outline) -> None:
    assert outline("| a | b | c |\n|:-|-:|--|\n| 1 | `x|` |") == (
        "<table><thead><tr><th style=text-align:left>a</th>"
        "<th style=text-align:right>b</th><th>c</th></tr></thead>"
        "<tbody><tr><td style=text-align:left>1</td>"
        "<td style=text-align:right>`x</td><td>`</td></tr></tbody></table>"
    )


def test_tasks_are_ballot_boxes_in_place_of_bullets(outline: Outline) -> None:
    box = "<li style=list-style:none>"

    assert outline("- [ ] a\n- [x] b\n- [X] c\n- [y] d\n- e") == (
        f"<ul>{box}☐ a</li>{box}☑ b</li>{box}☑ c</li><li>[y] d</li><li>e</li></ul>"
    )


def test_a_definition_list_is_one(outline: Outline) -> None:
    assert outline("词\n: 义") == "<dl><dt>词</dt><dd>义</dd></dl>"


@pytest.mark.parametrize(
    ("language", "label"),
    [("zh-CN", "回到正文（注 1）"), ("en", "Back to the text (note 1)")],
)
def test_a_footnote_leads_there_and_back(
    outline: Outline, language: str, label: str
) -> None:
    shown = outline("a[^n] b[^n]\n\n[^n]: 注", language=language)

    shown = re.sub(r"[0-9a-f]{6}-fn", "fn", shown)
    here = "https://example.org/a/#"
    assert shown == (
        f"<p>a<sup><a href={here}fn-1 id=fnref-1>[1]</a></sup>"
        f" b<sup><a href={here}fn-1 id=fnref-1-2>[1]</a></sup></p>"
        "<section class=footnotes><ol><li id=fn-1><p>注 "
        f"<a href={here}fnref-1 aria-label={label}>↩︎</a> "
        f"<a href={here}fnref-1-2 aria-label={label}>↩︎</a></p></li></ol></section>"
    )


def test_a_footnote_may_stand_in_its_line(outline: Outline) -> None:
    assert "<p>note with ⟨x_1⟩ <a " in outline("a^[note with $x_1$]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# H {.x}", "<h1>H</h1>"),
        ('# H {#i .x k="v w" k=v}', "<h1 id=i>H</h1>"),
        ("# H {: #i}", "<h1 id=i>H</h1>"),
        ("H {-}\n===", "<h1>H</h1>"),
        ("# H {a b}", "<h1>H {a b}</h1>"),
        ("# H {x} y", "<h1>H {x} y</h1>"),
        ("p\n{: .note}", "<p>p</p>"),
        (
            '[l](http://e.com){:target="_blank"} x',
            "<p><a href=http://e.com>l</a> x</p>",
        ),
        ("{:toc}", ""),
        ("a {:x} b {y", "<p>a {:x} b {y</p>"),
    ],
)
def test_attribute_lists_do_not_show(outline: Outline, text: str, shown: str) -> None:
    assert re.sub(r"[0-9a-f]{6}-i", "i", outline(text)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("&lt;b&gt; \\* &copy;", "<p><b> * ©</p>"),
        ("a\x00\x07b", "<p>ab</p>"),
        ("😀 :smile:", "<p>😀 :smile:</p>"),
        ('"quotes" -- ...', '<p>"quotes" -- ...</p>'),
        ("", ""),
        ("[r]\n\n[r]: http://e.com", "<p><a href=http://e.com>r</a></p>"),
    ],
)
def test_text_is_what_a_reader_sees(outline: Outline, text: str, shown: str) -> None:
    assert outline(text) == shown
