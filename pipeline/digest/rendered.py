"""A page as it was rendered: what is kept, and compiled into messages."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.digest.embedding import Embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rendered issue, with slots where a reader's own values go.

    `html` (CSS inlined) and `text` hold the slots that `slots.split` finds by
    `sentinel`; `subject` and `preheader` hold none and are one line each. `body` is
    the least a post was cut down to: `full`, `excerpt` or `title`; `notes` say in
    the owner's words what had to be shortened. `embedded` are the images that `html`
    names by `cid:`, in order of appearance.
    """

    subject: str
    preheader: str
    html: str
    text: str
    body: str
    notes: tuple[str, ...]
    sentinel: str
    embedded: tuple[Embedded, ...] = ()
