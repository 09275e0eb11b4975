"""Small sites of every generator, as files to plant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, str]

DATED = "---\ntitle: {title}\ndate: 2026-10-01 09:00\n---\nText.\n"
UNDATED = "---\ntitle: {title}\n---\nText.\n"


def plant(home: Path, files: Files) -> Path:
    """Write the files below `home`, and return it."""
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home


def dated(title: str = "A Title", **fields: str) -> str:
    """Return a post of 1 October 2026 with further fields."""
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return DATED.format(title=title).replace("date:", f"{lines}date:")


def undated(title: str = "A Page") -> str:
    """Return a page without a date."""
    return UNDATED.format(title=title)


HUGO = {
    "hugo.toml": """\
baseURL = "https://example.org/blog/"
title = 'A: "B" #c'
languageCode = "zh-cn"
timeZone = "Asia/Shanghai"
publishDir = "dist"
[params]
author = "沈砚"
description = "One line"
""",
    "content/posts/first-post.md": dated(),
    "content/about.md": undated(),
    "static/logo.png": "",
}
JEKYLL = {
    "_config.yml": """\
title: Jekyll Site
url: https://example.org
baseurl: /blog
lang: en
timezone: Europe/Berlin
author: {name: Ann}
""",
    "_posts/2026-10-01-hello-world.md": "---\ntitle: Hello\n---\nText.\n",
    "about.md": undated(),
}
HEXO = {
    "_config.yml": """\
title: 札记
url: https://example.org
language: [zh-CN, en]
timezone: Asia/Shanghai
author: 沈砚
permalink: :year/:month/:day/:title/
""",
    "source/_posts/你好_世界.md": dated(),
    "source/_posts/notes/inner.md": dated(),
    "source/about/index.md": undated(),
}
PELICAN = {
    "pelicanconf.py": """\
import os
AUTHOR = "Ann"
SITENAME = "Pelican Site"
SITEURL = ""
PATH = "content"
TIMEZONE = "Europe/Rome"
DEFAULT_LANG = "it"
SECRET = os.environ.get("X")
""",
    "publishconf.py": 'SITEURL = "https://example.org"\n',
    "content/post.md": "Title: My First Post\nDate: 2026-10-01\n\nText.\n",
    "content/pages/about.md": "Title: About\n\nText.\n",
}
ZOLA = {
    "config.toml": """\
base_url = "https://example.org"
title = "Zola Site"
default_language = "de"
generate_feeds = true
""",
    "content/blog/2026-10-01-hello.md": '+++\ntitle = "Hello"\n+++\nText.\n',
    "content/blog/_index.md": "+++\n+++\n",
    "templates/index.html": "{{ section.title }}",
    "static/a.png": "",
}
OBSIDIAN = {
    ".obsidian/templates.json": '{"folder": "Forms"}',
    ".obsidian/daily-notes.json": '{"folder": "Daily"}',
    "Notes/A Note.md": dated(),
    "Daily/2026-10-02.md": "Dear diary.",
    "Forms/note.md": dated("{{title}}"),
}
PLAIN = {
    "README.md": "# Read me\n",
    "2026-10-01-hello.md": "# Hello\n\nText.\n",
    "second.md": "# Second\n\nText.\n",
}
