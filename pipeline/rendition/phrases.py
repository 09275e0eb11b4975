"""What stands inside a paragraph, as text: links, pictures, formulas, footnote marks.

Knows no lines and no width; a `br` is a line feed in what it returns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urlsplit

from pipeline.content.tree import Code, Element, Formula, Node, Text
from pipeline.content.urls import absolute
from pipeline.rendition.targets import media_url
from pipeline.rendition.typeset import UNTYPESET, Typesets, typeset_text

# HTML white space; a no-break space stays.
_SPACE = re.compile(r"[ \t\n\r\f]+")
_AROUND_BREAK = re.compile(r"[ \t]*\n[ \t]*")
# The id of a footnote and of its mark, as Pandoc, Goldmark and kramdown make them:
# `fn1`, `fn:1`, `fnref-1`; but not `fnord`. The post's key may stand before it.
_NOTE_ID = re.compile(r"(?:[0-9a-f]{6}-)?fn(ref)?(?:[:-]|(?=\d))(.+)")
_BLOCK_IN_PHRASE = frozenset({"p", "div", "li", "ul", "ol", "blockquote", "dd"})


@dataclass(slots=True, kw_only=True)
class Voice:
    """How one piece is said, and the links it has named so far, by number."""

    typesets: Typesets = field(default_factory=lambda: UNTYPESET)
    page_url: str = ""
    picture_word: str = ""
    links: dict[str, int] = field(default_factory=dict)

    def number(self, url: str) -> int:
        """Return the number of `url`, the next one when it is new."""
        return self.links.setdefault(url, len(self.links) + 1)


def say(nodes: Iterable[Node], voice: Voice) -> str:
    """Return the nodes as one run of text, white space folded, ends trimmed."""
    return _AROUND_BREAK.sub("\n", _say(nodes, voice)).strip()


def note_label(name: str) -> str | None:
    """Return the label of the footnote with this id: `1` of `fn1`; else None."""
    match = _NOTE_ID.fullmatch(name)
    return match[2] if match and not match[1] else None


def is_note_link(element: Element) -> bool:
    """Tell whether an element is a footnote's mark or the way back to it."""
    fragment = urldefrag(element.attribute("href") or "").fragment
    return _NOTE_ID.fullmatch(fragment) is not None


def _say(nodes: Iterable[Node], voice: Voice) -> str:
    return "".join(_say_node(node, voice) for node in nodes)


def _say_node(node: Node, voice: Voice) -> str:
    match node:
        case Text(text):
            return _SPACE.sub(" ", text)
        case Formula(display=display):
            text = typeset_text(node, voice.typesets)
            return f"\n{text}\n" if display else text
        case Code(text):
            return _SPACE.sub(" ", text)
        case Element(tag):
            speak = _SPOKEN.get(tag)
            return speak(node, voice) if speak else _say(node.children, voice)
    return ""


def _say_link(link: Element, voice: Voice) -> str:
    url = link.attribute("href") or ""
    text = _say(link.children, voice)
    page, fragment = urldefrag(url)
    if fragment and page in ("", voice.page_url):
        return _say_anchor(unquote(fragment), text)
    if not url or not text.strip() or _is_same(text.strip(), url):
        return text
    return f"{text} [{voice.number(url)}]"


def _say_anchor(name: str, text: str) -> str:
    """Say a link within the post: a footnote's mark, its way back, or just words."""
    match = _NOTE_ID.fullmatch(name)
    if match is None:
        return text
    return "" if match[1] else f"[^{match[2]}]"


def _is_same(text: str, url: str) -> bool:
    """Tell whether a link's text is its address, perhaps shown without a scheme."""
    shown = {text, f"https://{text}", f"http://{text}", f"mailto:{text}"}
    targets = {url, url.removesuffix("/")}
    return any(
        form in targets or (absolute(form, "") or form).removesuffix("/") in targets
        for form in shown
    )


def _say_picture(image: Element, voice: Voice) -> str:
    alt = _SPACE.sub(" ", image.attribute("alt") or "").strip()
    if not alt:
        return f"[{voice.picture_word}]" if voice.picture_word else ""
    return f"[{voice.picture_word}: {alt}]" if voice.picture_word else f"[{alt}]"


def _say_media(media: Element, voice: Voice) -> str:
    url = media_url(media)
    if not url:
        return _say(media.children, voice)
    name = media.attribute("title") or unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    return f"▶ {name or urlsplit(url).hostname} [{voice.number(url)}]"


def _say_code(code: Element, voice: Voice) -> str:
    text = _say(code.children, voice)
    return f"`{text}`" if text and "`" not in text else text


def _say_raised(script: Element, voice: Voice) -> str:
    """Say a sub- or superscript as `x_i`, `x^2`, `x^(n+1)`; a footnote's mark alone."""
    text = _say(script.children, voice)
    if text.startswith("[") or not text.strip():
        return text
    sign = "^" if script.tag == "sup" else "_"
    return f"{sign}{text}" if len(text) == 1 or text.isdecimal() else f"{sign}({text})"


def _say_struck(text: Element, voice: Voice) -> str:
    return f"~{_say(text.children, voice)}~"


def _say_quoted(quote: Element, voice: Voice) -> str:
    return f"“{_say(quote.children, voice)}”"


def _say_reading(reading: Element, voice: Voice) -> str:
    return f"({_say(reading.children, voice)})"


def _say_block(block: Element, voice: Voice) -> str:
    return f" {_say(block.children, voice)} "


_SPOKEN: Mapping[str, Callable[[Element, Voice], str]] = {
    "a": _say_link,
    "audio": _say_media,
    "br": lambda *_: "\n",
    "code": _say_code,
    "del": _say_struck,
    "img": _say_picture,
    "q": _say_quoted,
    "rp": lambda *_: "",
    "rt": _say_reading,
    "s": _say_struck,
    "sub": _say_raised,
    "sup": _say_raised,
    "video": _say_media,
    **dict.fromkeys(_BLOCK_IN_PHRASE, _say_block),
}
