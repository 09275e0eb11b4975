"""The head of a whole HTML page, as Pelican reads it: `<title>` and `<meta>`."""

from __future__ import annotations

from html.parser import HTMLParser

from pipeline.content.frontmatter.values import Fields, Scalar, Value, plain_name


def read_head(text: str) -> tuple[Fields, int]:
    """Return the fields of a page's head, and where the inside of its body begins.

    The first `<meta>` of a name counts. Without `<body>` the body begins at 0.
    """
    head = _Head()
    head.feed(text)
    head.close()
    return Fields(head.values), head.body_start(text)


class _Head(HTMLParser):
    """Collects title and metas up to `<body>`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, Value] = {}
        self._in_title = False
        self._body: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._body:
            return
        if tag == "body":
            line, column = self.getpos()
            self._body = (line, column + len(self.get_starttag_text() or ""))
        elif tag == "meta":
            given = dict(attrs)
            self._put(given.get("name") or "", given.get("content") or "")
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and not self._body:
            self._put("title", data)

    def body_start(self, text: str) -> int:
        """Return the place in `text` just after `<body …>`."""
        if self._body is None:
            return 0
        line, column = self._body
        lines = text.split("\n")
        return sum(len(above) + 1 for above in lines[: line - 1]) + column

    def _put(self, name: str, text: str) -> None:
        line, column = self.getpos()
        if name:
            self.values.setdefault(plain_name(name), Scalar(text, line, column + 1))
