"""URLs: looked up in the site, absolute, safe; and the ids they lead to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.content.tree import Body

Outline = Callable[..., str]
Parse = Callable[..., Body]
Told = Callable[..., list[str]]

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("b.md", f"{SITE}/b/"),
        ("b.md#part", f"{SITE}/b/#part"),
        ("paper.pdf", f"{SITE}/posts/paper.pdf"),
        ("other/", f"{SITE}/a/other/"),
        ("/root.pdf", f"{SITE}/root.pdf"),
        ("#nowhere", f"{SITE}/a/#nowhere"),
        ("?q=1", f"{SITE}/a/?q=1"),
        ("//e.com/x", "https://e.com/x"),
        (
            "http://例子.测试/路?q=数",
            "http://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF?q=%E6%95%B0",
        ),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("tel:+1", "tel:+1"),
        ("", f"{SITE}/a/"),
    ],
)
def test_every_link_becomes_absolute(outline: Outline, written: str, url: str) -> None:
    assert outline(f"[x]({written})") == f"<p><a href={url}>x</a></p>"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<img src=a.png>", f"<img src={SITE}/posts/a.png alt=></img>"),
        (
            '<img src="two%20words.png">',
            f"<img src={SITE}/posts/two%20words.png alt=></img>",
        ),
        (
            '<img src=../images/b.png srcset="a.png, a.png?x 2x,/c,d.png 3x">',
            f"<img src={SITE}/images/b.png alt= srcset={SITE}/posts/a.png, "
            f"{SITE}/posts/a.png?x 2x, {SITE}/c,d.png 3x></img>",
        ),
        (
            '<img src=a.png srcset=", a.png 1x,a.png 2x">',
            f"<img src={SITE}/posts/a.png alt= srcset={SITE}/posts/a.png 1x, "
            f"{SITE}/posts/a.png 2x></img>",
        ),
        (
            "<video poster=a.png src=//e.com/v.mp4 width=320 autoplay></video>",
            f"<video controls= src=https://e.com/v.mp4 poster={SITE}/posts/a.png "
            "width=320></video>",
        ),
        (
            "<audio><source src=//e.com/a.ogg type=audio/ogg></audio>",
            "<audio controls=><source src=https://e.com/a.ogg type=audio/ogg>"
            "</source></audio>",
        ),
        (
            '<picture> <source srcset="a.png 2x"> <img src=a.png></picture>',
            f"<picture><source srcset={SITE}/posts/a.png 2x></source>"
            f"<img src={SITE}/posts/a.png alt=></img></picture>",
        ),
    ],
)
def test_every_url_of_a_picture_or_recording_becomes_absolute(
    outline: Outline, html: str, shown: str
) -> None:
    assert outline(html, markup="html") == f"<figure>{shown}</figure>"


def test_what_is_cited_becomes_absolute(outline: Outline) -> None:
    shown = outline("<blockquote cite=/c>x</blockquote>\n\n<q cite=b.html>y</q>")

    assert f"<blockquote cite={SITE}/c><p>x</p></blockquote>" in shown
    assert f"<q cite={SITE}/a/b.html>y</q>" in shown


@pytest.mark.parametrize(
    "html",
    [
        "<picture><source srcset=a.png></picture>",
        "<video></video>",
        "<picture><source srcset=','><source></picture>",
        "<video src='x:y'></video>",
        "<audio><source src='http://[bad'></audio>",
        "<img>",
        "<img src='http://[bad'>",
    ],
)
def test_media_without_a_file_go(outline: Outline, html: str) -> None:
    assert outline(html, markup="html") == ""


def test_a_picture_that_is_not_in_the_folder_is_told_with_its_line(
    told: Told, outline: Outline
) -> None:
    text = "a\n\nb\n![x](images/x.png) ![x](images/x.png)"

    assert told(text, text_line=7) == [
        "posts/a.md:10: the picture images/x.png is not in the folder "
        "(put it there, or correct its name)"
    ]
    assert f"src={SITE}/a/images/x.png" in outline(text)


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ("[x](图.pdf?v=1)", "the file 图.pdf is not in the folder"),
        ("<a href='x.zip'>x</a>", "the file x.zip is not in the folder"),
        ("<video src='x.mp4'></video>", "the file x.mp4 is not in the folder"),
        ("[x](missing.md)", "the file missing.md is not in the folder"),
    ],
)
def test_a_file_that_is_not_in_the_folder_is_told(
    told: Told, text: str, told_of: str
) -> None:
    assert [told_of in line for line in told(text)] == [True]


@pytest.mark.parametrize(
    "text", ["[x](other.html)", "[x](/x.png)", "![x](/x.png)", "![x](//e.com/x.png)"]
)
def test_pages_and_places_on_the_site_are_not_missed(told: Told, text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("markup", ["markdown", "html"])
@pytest.mark.parametrize(
    ("url", "told_of"),
    [
        ("javascript:alert(1)", "a javascript: link is left out"),
        ("JavaScript:alert(1)", "a javascript: link is left out"),
        ("vbscript:x", "a vbscript: link is left out"),
        ("data:text/html,x", "a file written into the text (data:) is left out"),
        ("obsidian://open", "the address obsidian://open cannot be followed"),
        ("http://[bad", "the address http://[bad cannot be followed"),
        ("x:" + "a" * 90, "the address x:" + "a" * 57 + "… cannot be followed"),
    ],
)
def test_a_link_that_cannot_be_followed_leaves_its_words_and_a_warning(
    outline: Outline, told: Told, markup: str, url: str, told_of: str
) -> None:
    text = f"[x]({url})" if markup == "markdown" else f'<a href="{url}">x</a>'

    assert outline(text, markup=markup) == "<p>x</p>"
    assert [line.startswith(f"posts/a.md:1: {told_of}") for line in told(text)] == [
        True
    ]


def test_a_picture_written_into_the_text_is_left_out(
    outline: Outline, told: Told
) -> None:
    assert outline("![x](data:image/png;base64,AAAA) y") == "<p>y</p>"
    assert "save it as a file beside the post" in told("![x](data:image/png,A)")[0]


def test_a_picture_loaded_lazily_is_the_one_it_means_to_load(
    outline: Outline, told: Told
) -> None:
    data = "data:image/gif;base64,R0"
    html = f"<img data-src=a.png alt=x src='{data}' width=100px height=50%>"

    assert f"<img src={SITE}/posts/a.png alt=x width=100></img>" in outline(html)
    assert told(html) == []


def test_ids_and_the_links_to_them_share_a_prefix_of_the_post(outline: Outline) -> None:
    text = '# 题 {#题}\n\n<a name="old">x</a> [a](#题) [b](#old) [c](/a/#题) [d](#none)'

    shown = outline(text)
    other = outline(text, id="another")

    key = shown.partition("<h1 id=")[2][:6]
    assert shown.startswith(f"<h1 id={key}-题>题</h1><p><a id={key}-old>x</a>")
    assert shown.count(f"href={SITE}/a/#{key}-%E9%A2%98>") == 2
    assert f"href={SITE}/a/#{key}-old>b" in shown
    assert f"href={SITE}/a/#none>d" in shown
    assert key not in other


def test_an_anchor_with_an_id_and_a_name_keeps_the_id(outline: Outline) -> None:
    assert "-i></a>" in outline("<a id=i name=n></a>x")


def test_what_was_looked_up_is_recorded_with_what_it_gave(parse: Parse) -> None:
    body = parse("![x](a.png) ![x](a.png) [y](b.md) ![z](c.png) [w](http://e.com)")

    assert body.references == (
        ("asset:a.png", f"{SITE}/posts/a.png"),
        ("link:b.md", f"{SITE}/b/"),
        ("asset:c.png", ""),
    )


def test_what_tags_looked_up_is_recorded_too(parse: Parse) -> None:
    body = parse("[[B]]")

    assert (f"{SITE}/b/") in dict(body.references).values()


def test_a_picture_without_alternative_text_is_an_advice_with_its_line(
    told: Told,
) -> None:
    text = "x\n\n![](a.png)\n\n![said](a.png)\n\n`![](b.png)`"

    assert told(text) == [
        "posts/a.md:3: the picture a.png has no alternative text (say in its brackets "
        "what it shows: it is read aloud, and shown where pictures are not)"
    ]
