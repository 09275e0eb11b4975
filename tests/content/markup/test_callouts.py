"""Callouts: every way to write one gives the same quotation with a title."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Outline = Callable[..., str]


def callout(kind: str, title: str, inside: str = "<p>b</p>") -> str:
    heading = f"<p class=callout-title><strong>{title}</strong></p>" if title else ""
    return f"<blockquote class=callout callout-{kind}>{heading}{inside}</blockquote>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("> [!note] The *title*\n> b", callout("note", "The <em>title</em>")),
        ("> [!WARNING]\n> b", callout("warning", "Warning")),
        ("> [!tip]- Folded\n> b", callout("tip", "Folded")),
        ("> [!my-kind|right]+\n> b", callout("my-kind", "My kind")),
        ("> [!note]", callout("note", "Note", "")),
        ("> [!note]\n>\n> b", callout("note", "Note")),
        ("> > [!note]\n> > b", f"<blockquote>{callout('note', 'Note')}</blockquote>"),
        ("> [!note] $x_1$ `a`\n> b", callout("note", "⟨x_1⟩ <code>a</code>")),
        ("> a\n> [!note]", "<blockquote><p>a [!note]</p></blockquote>"),
        ("[!note] a", "<p>[!note] a</p>"),
    ],
)
def test_a_quotation_that_names_a_kind(outline: Outline, text: str, shown: str) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("!!! note\n    b", callout("note", "Note")),
        ('!!! warning "A *t*"\n    b', callout("warning", "A <em>t</em>")),
        ('!!! note ""\n    b', callout("note", "")),
        ('??? tip "x"\n    b', callout("tip", "x")),
        ("???+ any inline end\n    b", callout("any", "Any")),
        ("!!! note", callout("note", "Note", "")),
        ("a\n!!! note\n    b\n\n    b\n\na", None),
        ("!!! wow", "<p>!!! wow</p>"),
        ("!!! note: a\n    b", "<p>!!! note: a b</p>"),
        ("    !!! note\n        b", "{|!!! note\n    b}"),
    ],
)
def test_a_callout_whose_text_is_indented(
    outline: Outline, text: str, shown: str | None
) -> None:
    both = callout("note", "Note", "<p>b</p><p>b</p>")

    assert outline(text) == (shown or f"<p>a</p>{both}<p>a</p>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":::tip\nb\n:::", callout("tip", "Tip")),
        ("::: warning Note: *t*\nb\n:::", callout("warning", "Note: <em>t</em>")),
        (":::note[T] {#id}\nb\n:::", callout("note", "T")),
        ('::: {.callout-note title="T"}\nb\n:::', callout("note", "T")),
        ("::: {#a .caution} :::\nb\n:::", callout("caution", "Caution")),
        (":::tip\nb", callout("tip", "Tip")),
        ("::: details S\nb\n:::", "<details><summary>S</summary><p>b</p></details>"),
        ("::: center\nb\n:::", "<p>b</p>"),
        ("::: outer\n::: tip\nb\n:::\n:::\nc", f"{callout('tip', 'Tip')}<p>c</p>"),
        ("- :::tip\n  b\n\nc", f"<ul><li>{callout('tip', 'Tip')}</li></ul><p>c</p>"),
        (
            "::: tip\n```\n:::\n```\n:::\nc",
            f"{callout('tip', 'Tip', '{|:::}')}<p>c</p>",
        ),
        ("a\n:::tip\nb\n:::", f"<p>a</p>{callout('tip', 'Tip')}"),
        (":::", "<p>:::</p>"),
        ("a :::tip", "<p>a :::tip</p>"),
    ],
)
def test_a_container_between_colons(outline: Outline, text: str, shown: str) -> None:
    assert outline(text) == shown


@pytest.mark.parametrize(
    ("kind", "title"),
    [("note", "说明"), ("TIP", "提示"), ("caution", "注意"), ("recipe", "Recipe")],
)
def test_a_chinese_post_has_chinese_titles(
    outline: Outline, kind: str, title: str
) -> None:
    shown = callout(kind.lower(), title)

    assert outline(f"> [!{kind}]\n> b", language="zh-CN") == shown


@pytest.mark.parametrize(
    "text",
    [
        "> [!note] t\n> ![b](no.png)",
        "!!! note\n    ![b](no.png)",
        ":::note t\n![b](no.png)",
    ],
)
def test_lines_within_a_callout_are_told_right(
    told: Callable[..., list[str]], text: str
) -> None:
    assert [fault.split(":")[1] for fault in told(f"a\n\n{text}")] == ["4"]


def test_a_callout_of_a_theme_keeps_its_classes_and_no_others(outline: Outline) -> None:
    html = "<div class='callout callout-tip callout-A box'><p class='callout-title x'>a"

    assert outline(html, markup="html") == (
        "<div class=callout callout-tip><p class=callout-title>a</p></div>"
    )
