"""The config.yaml that `init` writes: what was found, commented, and little else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from jinja2 import Environment, StrictUndefined

from pipeline.base.text import fold_line, wrap
from pipeline.config.generators.found import Generator, Layout

DEFAULT_URL = "https://example.org/"
_EXAMPLE_SENDER = "Ann Example <ann@example.org>"
_EXAMPLE_ADDRESS = "1 Main Street, 12345 Town, Country"
_WIDTH = 84

# What YAML 1.1 takes for no text although it looks like a word.
_NO_TEXT = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none")
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./+-]*")

_TEMPLATE = """\
{{ opening|comment }}

sites:
{% for site in sites %}
  - name: {{ site.name|yaml }}
    # Where the posts are, and where readers find them.
    folder: {{ site.folder|yaml }}
{% if not site.url %}
    # Not found: set the address of your site.
{% endif %}
    url: {{ (site.url or default_url)|yaml }}
    title: {{ site.title|yaml }}
{% if site.description %}
    description: {{ site.description|yaml }}
{% endif %}
    # For posts that say nothing of it themselves.
    language: {{ (site.language or "en")|replace("_", "-")|yaml }}
{% if site.author %}
    author: {{ site.author|yaml }}
{% endif %}
    zone: {{ site.zone|yaml }}
{% if site.permalink_note %}
    {{ site.permalink_note|comment(4) }}
{% endif %}
    permalink: {{ site.permalink|yaml }}
    # Feeds are written here: run Pressroom after each build.
    output: {{ site.output|yaml }}
{% if site.assets %}
    # What is in here lies at the root of the published site.
    assets: {{ site.assets|yaml_list }}
{% endif %}
{% if site.exclude %}
    # Not posts.
    exclude: {{ site.exclude|yaml_list }}
{% endif %}
{% if site.hard_breaks %}
    # A line break in a paragraph shows as one, as on your site; or `soft`.
    line_breaks: hard
{% endif %}
{% if site.undated %}
    # Where a post without a date takes it from, in this order.
    undated: {{ site.undated|yaml_list }}
{% endif %}

{% endfor %}
feeds:
  formats: [rss, atom, json]
  # The whole post, or its `excerpt`.
  body: full
  # Feeds of their own for tags, authors, languages, series: `all`, or a list.
  #tags: all

{% if off %}
# A newsletter by mail: take the # off these lines, and fill them in.
{% endif %}
{{ off }}newsletters:
{{ off }}  - name: weekly
{{ off }}    title: {{ sites[0].title|yaml }}
{{ off }}    schedule: every monday 09:00
{{ off }}    # A first issue at once, with the newest posts there are.
{{ off }}    backfill: 3
{{ off }}    sender: {{ sender|yaml }}
{{ off }}    # The law asks for it; it stands at the foot of every mail.
{{ off }}    postal_address: {{ postal_address|yaml }}

{{ off if not layout.templates_moved }}mail:
{% if layout.templates_moved %}
  templates: {{ layout.templates|yaml }}
{% endif %}
{{ off }}  # Mails to this address ask to leave: read them.
{{ off }}  unsubscribe_address: {{ leave|yaml }}
{% if live %}
{{ off }}  # A post goes out once its page is on the site, which answered just now.
{{ off }}  require_live: true
{% endif %}
{% if layout.outbox_moved %}

outbox:
  folder: {{ layout.outbox|yaml }}

store:
  path: {{ layout.store|yaml }}
{% endif %}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the owner says; `sender` is `Name <address>`, an address, or empty.

    `live` tells that the site answers at its address.
    """

    url: str = ""
    title: str = ""
    sender: str = ""
    postal_address: str = ""
    live: bool = False


def compose_config(generator: Generator, answers: Answers) -> str:
    """Return the text of a config.yaml for the sites of `generator`.

    Answers go before what was found. Without sender and postal address the
    newsletter stands in comments.
    """
    main, *others = generator.sites
    title = answers.title or main.title or "Journal"
    url = answers.url or main.url
    main = replace(main, url=url, title=title)
    base = (url or DEFAULT_URL).rstrip("/")
    named = [
        replace(s, title=s.title or title, url=s.url or f"{base}/{s.name}/")
        for s in others
    ]
    sender = answers.sender or _EXAMPLE_SENDER
    layout, usual = generator.layout, Layout()
    return (
        _environment()
        .from_string(_TEMPLATE)
        .render(
            opening=_opening(generator),
            sites=[main, *named],
            default_url=DEFAULT_URL,
            off="" if answers.sender and answers.postal_address else "#",
            sender=sender,
            live=answers.live,
            leave=sender.rpartition("<")[2].rstrip("> "),
            postal_address=answers.postal_address or _EXAMPLE_ADDRESS,
            layout={
                "templates": layout.templates,
                "templates_moved": layout.templates != usual.templates,
                "outbox": layout.outbox,
                "outbox_moved": layout.outbox != usual.outbox,
                "store": layout.store,
            },
        )
    )


def quote(text: str) -> str:
    """Return `text` as a YAML value on one line, in quotes where it needs them."""
    line = fold_line(text)
    if _PLAIN.fullmatch(line) and line.lower() not in _NO_TEXT:
        return line
    return json.dumps(line, ensure_ascii=False)


def _opening(generator: Generator) -> str:
    of_this = f" of this {generator.name} site" if generator.name else ""
    return (
        f"Feeds and digest mails from the posts{of_this}. Only what matters is here; "
        "every other setting has a default, and docs/settings.md tells them all. "
        "`pressroom check` says what is wrong, `pressroom once` does the work."
    )


def _environment() -> Environment:
    environment = Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters["yaml"] = quote
    environment.filters["yaml_list"] = _quote_list
    environment.filters["comment"] = _comment
    return environment


def _quote_list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(quote, values))}]"


def _comment(text: str, columns: int = 0) -> str:
    """Return `text` as comment lines of which all but the first are indented."""
    indent = f"{' ' * columns}# "
    return wrap(text, _WIDTH, indent=indent, first="# ")
