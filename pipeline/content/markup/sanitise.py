"""Which HTML a post may hold: everything of a text, nothing that acts.

No scripts, frames, forms, SVG or MathML (both have hidden scripts in every
sanitiser's history), no style but the alignment of cells and the bullets of lists.
"""

from __future__ import annotations

from functools import cache

import nh3

from pipeline.content.markup.bounds import check_bounds

_TEXT = (
    "a abbr b bdi bdo br cite code data del dfn em i ins kbd mark q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr"
)
_BLOCKS = (
    "address article aside blockquote body caption center col colgroup dd details div "
    "dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol "
    "p pre section summary table tbody td tfoot th thead tr ul"
)
_MEDIA = "img picture source video audio"
_TAGS = frozenset(f"{_TEXT} {_BLOCKS} {_MEDIA}".split())

_ATTRIBUTES = {
    "*": {"id", "lang", "dir"},
    "a": {"href", "title", "name", "aria-label", "data-line"},
    "abbr": {"title"},
    "audio": {"src", "data-line"},
    "blockquote": {"cite", "class", "data-line"},
    "code": {"class", "data-lang"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "dfn": {"title"},
    "div": {"class"},
    "p": {"class"},
    "figure": {"class"},
    "img": {
        *("alt", "data-line", "data-original", "data-src", "height", "src", "srcset"),
        *("title", "width"),
    },
    "ins": {"datetime"},
    "li": {"value", "style"},
    "ol": {"start", "type", "reversed"},
    "pre": {"class", "data-lang", "lang"},
    "q": {"cite", "data-line"},
    "section": {"class"},
    "source": {"src", "srcset", "type", "media", "data-line"},
    "table": {"class"},
    "td": {"align", "class", "colspan", "rowspan", "style"},
    "th": {"align", "colspan", "rowspan", "scope", "style"},
    "time": {"datetime"},
    "video": {"src", "poster", "width", "height", "data-line"},
}
# Dropped with all that is in them, should one have come so far; any other tag not
# above leaves its words. Those that hold words for readers are `left_out`'s part.
_EMPTIED = (
    "script style svg math template noembed noframes iframe textarea select title "
    "noscript"
)
_SCHEMES = "http https ftp mailto tel sms geo xmpp"


def sanitise(html: str) -> str:
    """Return the part of `html` that is safe, well-formed.

    Raises bounds.TooLargeError before the parser is given too much.
    """
    check_bounds(html)
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=set(_EMPTIED.split()),
        attributes=_ATTRIBUTES,
        filter_style_properties={"text-align", "list-style"},
        url_schemes=set(_SCHEMES.split()),
        link_rel=None,
    )
