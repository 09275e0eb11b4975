"""The working sheet of one post while it is parsed: its place, shelf and faults."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from pipeline.base.faults import Fault, Severity
from pipeline.base.text import fold_line
from pipeline.content.links import absolute
from pipeline.content.markup.shelf import Shelf

_CONTROLS = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rules of one parse share.

    `path` and `first_line` place the text in its file, `base` is the post's URL;
    `chinese` tells the language of the few words that parsing itself adds, and
    `hard_breaks` that a line break of the source shows as one.
    """

    path: str
    first_line: int
    base: str
    chinese: bool = False
    hard_breaks: bool = False
    shelf: Shelf = field(default_factory=Shelf)
    faults: list[Fault] = field(default_factory=list)
    picture_lines: dict[str, int] = field(default_factory=dict)

    def warn(self, what: str, remedy: str, line: int | None) -> None:
        """Note a fault that costs only the thing it is about."""
        self._note(what, remedy, line, Severity.WARNING)

    def see_picture(self, url: str, alt: str, line: int | None) -> None:
        """Note where the picture at `url` stands, and whether it says what it shows."""
        self.picture_lines.setdefault(url, line or 0)
        if not alt.strip():
            name = unquote(url.rpartition("/")[2].partition("?")[0])
            self._note(
                f"the picture {_shorten(name)} has no alternative text",
                "say in its brackets what it shows: it is read aloud, and shown where "
                "pictures are not",
                line,
                Severity.ADVICE,
            )

    def _note(
        self, what: str, remedy: str, line: int | None, severity: Severity
    ) -> None:
        self.faults.append(
            Fault(
                path=self.path,
                line=line or None,
                what=what,
                remedy=remedy,
                severity=severity,
            )
        )

    def check_url(self, url: str, line: int | None) -> None:
        """Warn of a URL that no reader could follow, or should."""
        if absolute(url, self.base) is not None:
            return
        found = _SCHEME.match(_CONTROLS.sub("", url))
        scheme = found[1].lower() if found else ""
        if scheme == "data":
            self.warn(
                "a file written into the text (data:) is left out: mail programs "
                "do not show it",
                "save it as a file beside the post",
                line,
            )
        elif scheme in {"javascript", "vbscript"}:
            self.warn(
                f"a {scheme}: link is left out",
                "link to a page instead; feeds and mail run no scripts",
                line,
            )
        else:
            self.warn(
                f"the address {_shorten(url)} cannot be followed and is left out",
                "write it in full, as https://…",
                line,
            )


def _shorten(url: str) -> str:
    shown = fold_line(unquote(url))
    return shown if len(shown) <= 60 else shown[:59] + "…"
