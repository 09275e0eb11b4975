"""The kinds of callouts, and the title of one that brings none, in two languages."""

from __future__ import annotations

_CHINESE = {
    "注意": "attention caution",
    "说明": "note",
    "信息": "info",
    "提示": "tip hint",
    "重要": "important",
    "警告": "warning",
    "危险": "danger error",
    "摘要": "abstract summary tldr",
    "待办": "todo",
    "完成": "success check done",
    "问题": "question help faq",
    "失败": "failure fail missing",
    "缺陷": "bug",
    "示例": "example",
    "引用": "quote cite",
    "详情": "details",
}
_TITLES = {kind: title for title, kinds in _CHINESE.items() for kind in kinds.split()}


def is_kind(name: str) -> bool:
    """Tell whether callouts are called so; Obsidian's may have any name beside."""
    return name.lower() in _TITLES


def title_of(kind: str, *, chinese: bool) -> str:
    """Return the title of a callout that its author gave none."""
    if chinese and is_kind(kind):
        return _TITLES[kind.lower()]
    return kind.replace("-", " ").capitalize()
