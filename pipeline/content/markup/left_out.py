"""What the sanitiser would lose with all its words: told, or kept as text.

`List<String>` and "the <title> of a page" are prose with a tag in it that nothing
closes; a browser would hide what follows. Works on the whole HTML of a post, since
a tag may be closed in another paragraph.
"""

from __future__ import annotations

import re
from html import escape

from pipeline.content.markup.html_tags import TAG, is_element, read_attributes
from pipeline.content.markup.sheet import Sheet

_EMPTIED = "head math noscript script select style svg template textarea title datalist"
EMPTIED = frozenset(_EMPTIED.split())
"""Elements that go with all that is in them."""

_NESTED = frozenset({"svg", "template"})
_DRAWN = frozenset({"math", "svg"})
_SILENT = frozenset({"head"})
_LINE = re.compile(r' data-line="\d+"')


def leave_out(html: str, sheet: Sheet) -> str:
    """Return `html` without what cannot be shown, each element told to `sheet`.

    An opening tag that nothing closes becomes text. The tags in question carry
    their line, as `data-line`.
    """
    return _Pass(html, sheet).run()


class _Pass:
    """One reading of one text from left to right."""

    def __init__(self, html: str, sheet: Sheet) -> None:
        self._html = html
        self._sheet = sheet
        self._tags = list(TAG.finditer(html))
        self._last = {_name(tag): tag.start() for tag in self._tags if tag["slash"]}
        self._inside, self._depth = "", 0
        self._opened: set[str] = set()

    def run(self) -> str:
        pieces, done = list[str](), 0
        for tag in self._tags:
            name = _name(tag)
            if self._inside:
                if self._closes(tag, name):
                    done = tag.end()
            elif name in EMPTIED or not is_element(name):
                pieces.append(self._html[done : tag.start()])
                pieces.append(self._show(tag, name))
                done = tag.end()
        return "".join([*pieces, self._html[done:]])

    def _closes(self, tag: re.Match[str], name: str) -> bool:
        """Tell whether `tag` closes the element that hides what is in it."""
        if name != self._inside:
            return False
        if tag["slash"]:
            self._depth -= 1
        elif name in _NESTED and not _is_closed(tag):
            self._depth += 1
        if self._depth and tag.start() != self._last[name]:
            return False
        self._inside = ""
        return True

    def _show(self, tag: re.Match[str], name: str) -> str:
        """Return what stands in place of a tag that begins or ends such an element."""
        if tag["slash"]:
            is_text = name not in EMPTIED and name not in self._opened
            return escape(tag[0]) if is_text else ""
        is_closed = self._last.get(name, -1) > tag.start()
        if not is_closed and not _has_attributes(tag):
            return escape(_LINE.sub("", tag[0]), quote=False)
        if name in EMPTIED:
            self._hide(tag, name, is_closed=is_closed and not _is_closed(tag))
        elif name not in self._opened:
            self._opened.add(name)
            self._sheet.warn(
                f"<{name}> is no element of HTML and is left out; its inside was kept",
                "write it as `code` if it is to be read",
                _line(tag),
            )
        return ""

    def _hide(self, tag: re.Match[str], name: str, *, is_closed: bool) -> None:
        if is_closed:
            self._inside, self._depth = name, 1
        if name in _SILENT or (name == "noscript" and self._is_second_picture(tag)):
            return
        remedy = "write it as `code` if it is to be read"
        self._sheet.warn(
            f"<{name}> is left out: feeds and mail cannot show it",
            "use a picture, or text" if name in _DRAWN else remedy,
            _line(tag),
        )

    def _is_second_picture(self, noscript: re.Match[str]) -> bool:
        """Tell whether a picture begins what stands in for a script's.

        A page that loads its pictures lazily writes each of them twice.
        """
        start = noscript.end()
        return "<img" in self._html[start : start + 80].lower()


def _name(tag: re.Match[str]) -> str:
    return tag["name"].lower()


def _is_closed(tag: re.Match[str]) -> bool:
    return tag["attributes"].endswith("/")


def _has_attributes(tag: re.Match[str]) -> bool:
    return _is_closed(tag) or len(read_attributes(tag["attributes"])) > 1


def _line(tag: re.Match[str]) -> int:
    return int(read_attributes(tag["attributes"]).get("data-line", "0"))
