"""One issue as a variant's readers see it: subject, HTML and text, before the press.

Makes no bytes and no headers (`digest.press`, `digest.headers` do).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rendered issue, with slots where a reader's own values go.

    `html` (CSS inlined) and `text` hold the slots that `slots.split` finds by
    `sentinel`; `subject` and `preheader` hold none and are one line each. `body` is
    the least a post was cut down to: `full`, `excerpt` or `title`; `notes` say in
    the owner's words what had to be shortened.
    """

    subject: str
    preheader: str
    html: str
    text: str
    body: str
    notes: tuple[str, ...]
    sentinel: str
