"""Task lists: `- [ ]` and `- [x]` are shown as ballot boxes, in any mail client."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_BOX = re.compile(r"\[([ xX])\](?=\s)")


def add_tasks(md: MarkdownIt) -> None:
    """Teach `md` task lists."""
    md.core.ruler.before("inline", "tasks", tasks)


def tasks(state: StateCore) -> None:
    """Write a box for the brackets that begin a list item, in place of its bullet."""
    for item, paragraph, inline in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if item.type == "list_item_open" and paragraph.type == "paragraph_open":
            box = _BOX.match(inline.content)
            if box:
                mark = "☐" if box[1] == " " else "☑"
                inline.content = mark + inline.content[box.end() :]
                item.attrSet("style", "list-style:none")
