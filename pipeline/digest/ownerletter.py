"""A letter to the site's owner: its words, written once, as HTML and as plain text.

Each kind of letter is a template `owner/KIND.txt` in a plain form that both are set
from, line by line; empty lines mean nothing (but one must follow `{% endtrans %}`,
which takes its own line end away):

    The first line is the subject, and the headline
    Any other is a paragraph.
    - an item of a list
    - another
    $ a command for the shell
    > What a link says | https://example.org/

Knows no store and no address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import escape

from pipeline.base.text import fold_line
from pipeline.digest.catalogue import Catalogue
from pipeline.digest.environment import Sandbox, make_environment, render
from pipeline.digest.inline import inline_css
from pipeline.digest.rendered import Page
from pipeline.digest.slots import choose_sentinel, split

FOLDER = "owner/"
"""Where the templates of these letters lie; an owner has no copies of them."""

_FRAME_HTML, _FRAME_TEXT = f"{FOLDER}letter.html", f"{FOLDER}letter.txt"
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.DOTALL)
_BODY_OPENS = re.compile(r"<body\b[^>]*>")
_RULE = "\n\n" + "=" * 72 + "\n\n"

Kind = Literal["paragraph", "items", "command", "link"]
_MARKS: Mapping[str, Kind] = {"- ": "items", "$ ": "command", "> ": "link"}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter: what it is, its lines, and where a link leads."""

    kind: Kind
    lines: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerLetter:
    """All that a letter is made from; `values` are what its template sees.

    `kind` names the template; `site` is the title of the owner's site. Strings in
    `values` are one line each, so that none of them can begin a block; `by_command`
    among them is true where a command named the address.
    """

    kind: str
    values: Mapping[str, object]
    site: str
    language: str
    templates: Mapping[str, str]
    messages: Catalogue
    inliner: str = "css-inline"


def render_owner_letter(letter: OwnerLetter) -> Page:
    """Return the letter as a page without slots; the same letter gives the same page.

    Raises KeyError where there is no template of that kind.
    """
    environment = make_environment(letter.templates, letter.messages)
    subject, blocks = _write(environment, letter)
    values: dict[str, object] = {
        "subject": subject,
        "headline": subject,
        "blocks": blocks,
        "site": letter.site,
        "language": letter.language,
        "by_command": letter.values.get("by_command", False),
    }
    html = inline_css(render(environment, _FRAME_HTML, values), letter.inliner)
    text = render(environment, _FRAME_TEXT, values).strip() + "\n"
    return Page(
        subject=subject,
        preheader="",
        html=html,
        text=text,
        body="full",
        notes=(),
        sentinel=choose_sentinel((html, text)),
    )


def put_on_top(letter: Page, issue: Page, values: Mapping[str, str]) -> Page:
    """Return a reader's page with a letter to the owner above it, under its subject.

    `values` fill the slots of `issue`, since nobody else gets it.
    """
    found = _BODY.search(letter.html)
    on_top = found[1] if found else letter.html
    shown = replace(
        issue,
        html=_filled(issue.html, issue.sentinel, _escaped(values)),
        text=_filled(issue.text, issue.sentinel, values),
    )
    html = _BODY_OPENS.sub(lambda opened: opened[0] + on_top, shown.html, count=1)
    text = letter.text.rstrip() + _RULE + shown.text
    sentinel = choose_sentinel((html, text))
    return replace(
        shown, subject=letter.subject, html=html, text=text, sentinel=sentinel
    )


def _filled(text: str, sentinel: str, values: Mapping[str, str]) -> str:
    fixed, names = split(text, sentinel)
    pieces = [fixed[0]]
    for name, piece in zip(names, fixed[1:], strict=True):
        pieces += (values[name], piece)
    return "".join(pieces)


def _escaped(values: Mapping[str, str]) -> dict[str, str]:
    return {name: str(escape(value)) for name, value in values.items()}


def _write(environment: Sandbox, letter: OwnerLetter) -> tuple[str, tuple[Block, ...]]:
    """Return the subject of a letter, and its blocks."""
    name = f"{FOLDER}{letter.kind}.txt"
    if name not in letter.templates:
        raise KeyError(name)
    written = render(environment, name, letter.values).splitlines()
    subject, *lines = filter(None, map(str.strip, written))
    blocks = list[Block]()
    for line in lines:
        block = _block(line)
        if (
            block.kind in ("items", "command")
            and blocks[-1:]
            and (blocks[-1].kind == block.kind)
        ):
            blocks[-1] = replace(blocks[-1], lines=(*blocks[-1].lines, *block.lines))
        else:
            blocks.append(block)
    return fold_line(subject), tuple(blocks)


def _block(line: str) -> Block:
    kind = _MARKS.get(line[:2], "paragraph")
    if kind == "paragraph":
        return Block(kind, (line,))
    bare = line[2:].strip()
    if kind != "link":
        return Block(kind, (bare,))
    label, _, url = bare.rpartition(" | ")
    return Block(kind, (label,), url)
