"""Language tags (BCP 47): made regular, and found at the end of a file's name."""

from __future__ import annotations

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SUFFIX = re.compile(r"(?P<stem>.+)\.(?P<tag>(?P<first>[A-Za-z]{2})(?:[-_]\w{2,4})*)")

# The languages posts are written in. Of ISO 639's other codes some are the endings
# of programs and sites: `vue.ts.md` is not Tsonga, `asp.so.md` not Somali.
_CODES = """
ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id
is it ja ka kk km kn ko lt lv mk mn mr ms my nb ne nl nn no pl pt ro ru sk sl sq sr sv
sw ta te th tr uk ur uz vi zh
"""
_WRITTEN = frozenset(_CODES.split())


def language_tag(text: str) -> str:
    """Return a language tag as BCP 47 (RFC 5646, section 2.1.1) writes it.

    `zh_cn` is `zh-CN`, `zh-hans` `zh-Hans`. Empty for what is no tag.
    """
    if not _TAG.fullmatch(text):
        return ""
    first, *others = re.split("[-_]", text)
    return "-".join([first.lower(), *map(_subtag, others)])


def cut_language(stem: str, site_language: str) -> tuple[str, str]:
    """Return a file's stem without its language, and the language: `post.zh-cn`.

    The language is empty where the stem ends with none.
    """
    found = _SUFFIX.fullmatch(stem)
    known = _WRITTEN | {site_language.lower()[:2]}
    if found is None or found["first"].lower() not in known:
        return stem, ""
    return found["stem"], language_tag(found["tag"])


def _subtag(text: str) -> str:
    if len(text) == 2:
        return text.upper()
    return text.title() if len(text) == 4 and text.isalpha() else text.lower()
