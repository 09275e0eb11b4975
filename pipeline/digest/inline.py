"""CSS rules moved into style attributes, since many mail clients drop `<style>`.

Two engines behind one function. Rules that cannot be inlined (@media, hooks) stand in
`<style data-css-inline="keep">`, which stays as it is; what else stands there,
css-inline writes into attributes too. Nothing is fetched, whatever the page names.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping

import css_inline

from pipeline.base.errors import ConfigError
from pipeline.base.faults import Fault
from pipeline.digest.attributes import change_attributes

_DOCTYPE = re.compile(r"\A\s*<!doctype html>", re.IGNORECASE)
_KEEP = ("data-css-inline", "keep")
_KEEP_FOR_PREMAILER = ("data-premailer", "ignore")


def inline_css(html: str, engine: str) -> str:
    """Return `html` with its rules inlined by `css-inline` or `premailer`.

    Raises ConfigError where the engine is not installed.
    """
    return _ENGINES[engine](html)


def _by_css_inline(html: str) -> str:
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, resolve_css_variables=True, minify_css=True
    )
    return _rename_keep(inliner.inline(html), None)


def _by_premailer(html: str) -> str:
    try:
        from cssutils import CSSParser
        from premailer import Premailer
    except ImportError as error:
        raise ConfigError([_NOT_INSTALLED]) from error

    class Offline(Premailer):  # type: ignore[misc]  # premailer has no types
        """Premailer whose parser fetches no @import (allow_network does not do it)."""

        def _parse_css_string(self, css_body: str, validate: bool = True) -> object:
            parser = CSSParser(fetcher=_fetch_nothing)
            return parser.parseString(css_body, validate=validate)

    # It drops a doctype that is not in capitals, and browsers then change their ways.
    page = _DOCTYPE.sub("<!DOCTYPE html>", _rename_keep(html, _KEEP_FOR_PREMAILER))
    # Its defaults cost 1,288 wrong properties on a page of 341 elements.
    return str(
        Offline(
            page,
            strip_important=False,
            disable_validation=True,
            remove_unset_properties=False,
            disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
            allow_network=False,
            cssutils_logging_level=logging.CRITICAL,
        ).transform(pretty_print=False)
    )


def _rename_keep(html: str, name: tuple[str, str] | None) -> str:
    """Return `html` with the mark of its style sheets renamed, or dropped.

    Only theirs: an article about mail may well show such a tag.
    """
    return change_attributes(
        html, "style", lambda *pair: name if pair == _KEEP else pair
    )


def _fetch_nothing(_url: str) -> tuple[str, bytes]:
    return "utf-8", b""


_NOT_INSTALLED = Fault(
    path="mail.inliner",
    what="premailer is not installed",
    remedy="pip install 'pressroom[premailer]', or take css-inline",
)
_ENGINES: Mapping[str, Callable[[str], str]] = {
    "css-inline": _by_css_inline,
    "premailer": _by_premailer,
}
