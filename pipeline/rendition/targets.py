"""What a tree becomes for a feed and for a mail: tree in, tree out, no HTML written.

Feed readers show a tree as it is; mail clients fold nothing, play nothing, know few
of HTML's newer elements, and show many posts as one page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from pipeline.base.text import is_cjk
from pipeline.content.tree import Element, Node, Text, walk
from pipeline.pictures.size import MAIL_COLUMN_PX

_FITTING = "max-width:100%;height:auto"
_LEAST_IN_CELL = 6
_HEADINGS = {f"h{level}": f"h{min(level + 2, 6)}" for level in range(1, 7)}
_TO_DIV = frozenset(
    {"article", "aside", "details", "figure", "figcaption", "footer", "header"}
    | {"main", "nav", "section"}
)
_HOOKS = {
    "blockquote": "quote",
    "details": "details",
    "figcaption": "caption",
    "figure": "figure",
    "table": "table",
}


class Target(StrEnum):
    """Who shows the HTML."""

    FEED = "feed"
    MAIL = "mail"


def adapt(nodes: Iterable[Node], target: Target, page_url: str) -> tuple[Node, ...]:
    """Return the nodes as `target` takes them; `page_url` is the post's own URL."""
    nodes = tuple(nodes)
    if target is Target.FEED:
        return _change(nodes, _for_feed)
    elements = (node for node in walk(nodes) if isinstance(node, Element))
    anchors = {f"{page_url}#{name}" for el in elements if (name := el.attribute("id"))}
    return _change(nodes, lambda element: _for_mail(element, anchors))


def _change(
    nodes: Iterable[Node], change: Callable[[Element], Node]
) -> tuple[Node, ...]:
    """Return the nodes with every element changed, children before parents."""
    return tuple(
        change(node.with_children(_change(node.children, change)))
        if isinstance(node, Element)
        else node
        for node in nodes
    )


def _for_feed(element: Element) -> Node:
    # Readers narrow what is wide, and many leave the height that is written.
    sized = pixels(element, "width") and pixels(element, "height")
    return _styled(element, _FITTING) if element.tag == "img" and sized else element


def _for_mail(element: Element, anchors: Collection[str]) -> Node:
    element = _for_mail_attributes(element, anchors)
    reshape = _RESHAPED.get(element.tag)
    return reshape(element) if reshape else element


def _for_mail_attributes(element: Element, anchors: Collection[str]) -> Element:
    classes = (element.attribute("class"), _HOOKS.get(element.tag))
    changes = {"class": " ".join(filter(None, classes)) or None, "srcset": None}
    if href := element.attribute("href"):
        changes["href"] = _localise(href, anchors)
    element = _with(element, changes)
    tag = "div" if element.tag in _TO_DIV else _HEADINGS.get(element.tag, element.tag)
    return replace(element, tag=tag)


def _localise(url: str, anchors: Collection[str]) -> str:
    """Return `url`, or its fragment alone where that is in the mail."""
    page, sharp, fragment = url.partition("#")
    return f"#{fragment}" if page + sharp + unquote(fragment) in anchors else url


def _with(element: Element, changes: Mapping[str, str | None]) -> Element:
    """Return the element with attributes changed, added, or dropped where None."""
    merged: dict[str, str | None] = {**dict(element.attributes), **changes}
    kept = ((name, value) for name, value in merged.items() if value is not None)
    return replace(element, attributes=tuple(kept))


def _fit(image: Element) -> Element:
    image = _styled(image, _FITTING)
    width, height = (pixels(image, name) for name in ("width", "height"))
    changes: dict[str, str | None] = {"alt": image.attribute("alt") or ""}
    # Outlook for Windows heeds no max-width: a wider one would widen the whole mail.
    if width > MAIL_COLUMN_PX:
        changes["width"] = str(MAIL_COLUMN_PX)
        changes["height"] = str(height * MAIL_COLUMN_PX // width) if height else None
    return _with(image, changes)


def pixels(image: Element, name: str) -> int:
    """Return the `width` or `height` an image says it has, 0 where it does not."""
    value = image.attribute(name) or ""
    return int(value) if value.isdecimal() else 0


def _first_image(picture: Element) -> Node:
    images = (node for node in walk(picture.children) if isinstance(node, Element))
    return next((image for image in images if image.tag == "img"), Text(""))


def _link_to_media(media: Element) -> Node:
    """Return a link to a video or a sound, with its still picture if it has one."""
    url = media_url(media)
    if not url:
        return Element("span", (), media.children)
    name = media.attribute("title") or unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    label = f"▶ {name or urlsplit(url).hostname}"
    link = Element("a", (("href", url),), (Text(label),))
    poster = media.attribute("poster")
    if not poster:
        return link
    still = _fit(Element("img", (("src", poster), ("alt", ""))))
    return link.with_children((still, Element("br"), Text(label)))


def media_url(media: Element) -> str:
    """Return where a video or a sound is, or an empty string."""
    elements = (node for node in walk((media,)) if isinstance(node, Element))
    return next((src for element in elements if (src := element.attribute("src"))), "")


def _scrolling(table: Element) -> Node:
    attributes = (("class", "table-scroll"), ("style", "overflow-x:auto"))
    return Element("div", attributes, (table,))


def _unsqueezed(cell: Element) -> Node:
    """Return a cell that leaves its CJK text more than a character a line.

    Such text breaks anywhere, so that on a narrow screen its column would be squeezed
    to one character, in spite of a table that scrolls.
    """
    text = "".join(node.text for node in walk((cell,)) if isinstance(node, Text))
    ideographs = sum(map(is_cjk, text))
    if not ideographs:
        return cell
    return _styled(cell, f"min-width:{min(ideographs, _LEAST_IN_CELL)}em")


def _styled(element: Element, style: str) -> Element:
    before = (element.attribute("style") or "").rstrip("; ")
    return _with(element, {"style": f"{before};{style}" if before else style})


def _bold_line(summary: Element) -> Node:
    return Element("p", (), (Element("strong", (), summary.children),))


_RESHAPED: Mapping[str, Callable[[Element], Node]] = {
    "audio": _link_to_media,
    "img": _fit,
    "picture": _first_image,
    "summary": _bold_line,
    "table": _scrolling,
    "td": _unsqueezed,
    "th": _unsqueezed,
    "video": _link_to_media,
}
