"""The form to join as HTML for a page of the owner's site: no script, no style."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.base.errors import UsageError
from pipeline.config.settings import Configuration
from pipeline.digest.catalogue import match_language
from pipeline.digest.environment import make_environment, render
from pipeline.runs.resources import PAGES, read_catalogues, read_page_templates

BOX = "newsletter-"
"""What stands before a newsletter's name in that of its checkbox."""


def render_snippet(
    configuration: Configuration, names: Sequence[str], language: str = ""
) -> str:
    """Return the form for these newsletters, in `language` or else the site's.

    Raises UsageError where no server is set that takes it, ConfigError where the
    owner's template is wrong.
    """
    if not configuration.web.public_url:
        raise UsageError(
            "web.public_url is not set: the form would lead nowhere; docs/web.md tells "
            "how to serve the readers' pages"
        )
    catalogues = read_catalogues()
    wanted = language or configuration.sites[0].language
    catalogue = catalogues[match_language(wanted, catalogues) or "en"]
    templates = read_page_templates(configuration.mail.templates)
    values: dict[str, object] = {
        "form": f"{configuration.web.public_url}subscribe",
        "newsletters": [n for n in configuration.newsletters if n.name in names],
        "alone": len(configuration.newsletters) == 1,
        "box": BOX,
    }
    return render(
        make_environment(templates, catalogue), f"{PAGES}snippet.html", values
    )
