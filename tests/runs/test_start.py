"""Setting up beside a site of each generator: what is found, written, and published."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.base.clock import SystemClock
from pipeline.base.errors import ConfigError, InputError
from pipeline.config.load import load_configuration
from pipeline.config.settings import Configuration
from pipeline.config.starter import Answers
from pipeline.content.read import read_post
from pipeline.content.scan import read_bytes, scan_folder
from pipeline.runs.once import run_once
from pipeline.runs.report import Silent
from pipeline.runs.start import (
    Setup,
    Surroundings,
    furnish,
    look_around,
    machine_zone,
    write_config,
)
from tests.runs.sites import (
    HEXO,
    HUGO,
    JEKYLL,
    OBSIDIAN,
    PELICAN,
    PLAIN,
    ZOLA,
    Files,
    dated,
    plant,
    undated,
)

ZONE = "Asia/Tokyo"
ALL = {
    "Hugo": HUGO,
    "Jekyll": JEKYLL,
    "Hexo": HEXO,
    "Pelican": PELICAN,
    "Zola": ZOLA,
    "Obsidian": OBSIDIAN,
    "": PLAIN,
}
ANSWERS = Answers(
    url="https://example.org/",
    title="Example",
    sender="Ann <ann@example.org>",
    postal_address="1 Main Street",
)


def look(home: Path, files: Files) -> Surroundings:
    return look_around(plant(home, files), ZONE)


def set_up(home: Path, files: Files, answers: Answers = ANSWERS) -> Configuration:
    around = look(home, files)
    setup, path = Setup(), home / around.generator.layout.config
    answers = replace(answers, url=around.generator.sites[0].url or answers.url)
    write_config(setup, path, around.generator, answers)
    configuration = load_configuration(path).configuration
    furnish(setup, home, configuration)
    return configuration


def addresses(configuration: Configuration) -> dict[str, str]:
    """Return the path of every post that can be read, and its URL."""
    found = {}
    for site in configuration.sites:
        scan = scan_folder(site.folder, exclude=site.exclude, max_bytes=1_000_000)
        for file in scan.posts:
            data = read_bytes(site.folder, file.path)
            reading = read_post(
                file, data, site, fallback_date=lambda _: None, display_path=file.path
            )
            if reading.post:
                found[file.path] = reading.post.url
    return found


@pytest.mark.parametrize("name", ALL)
def test_each_generator_is_known_by_its_files(tmp_path: Path, name: str) -> None:
    around = look(tmp_path, ALL[name])
    assert around.generator.name == name
    assert around.posts >= 1


@pytest.mark.parametrize("name", ALL)
def test_a_run_works_at_once_on_what_was_written(tmp_path: Path, name: str) -> None:
    configuration = set_up(tmp_path, ALL[name])
    report = run_once(configuration, SystemClock(), Silent())
    assert (report.errors, report.faults) == ([], [])
    assert report.sites[0].live >= 1
    assert report.sites[0].written


# What each generator's own documentation says it publishes.
PUBLISHED: list[tuple[str, Files, Mapping[str, str]]] = [
    ("hugo-by-path", HUGO, {"posts/first-post.md": "blog/posts/first-post/"}),
    (
        "hugo-keeps-dates-and-underscores-of-names",
        {**HUGO, "content/posts/2026-10-01-a_b.md": dated()},
        {
            "posts/2026-10-01-a_b.md": "blog/posts/2026-10-01-a_b/",
            "posts/first-post.md": "blog/posts/first-post/",
        },
    ),
    (
        "hugo-slugs",
        {**HUGO, "content/posts/first-post.md": dated(slug="other")},
        {"posts/first-post.md": "blog/posts/other/"},
    ),
    (
        "hugo-bundle",
        {**HUGO, "content/posts/trip/index.md": dated()},
        {
            "posts/trip/index.md": "blog/posts/trip/",
            "posts/first-post.md": "blog/posts/first-post/",
        },
    ),
    (
        "hugo-permalinks",
        {
            **HUGO,
            "hugo.toml": HUGO["hugo.toml"]
            + '[permalinks]\nposts = "/:year/:month/:slug/"\n',
        },
        {"posts/first-post.md": "blog/2026/10/a-title/"},
    ),
    (
        "hugo-permalinks-of-pages-by-file-name",
        {
            **HUGO,
            "hugo.toml": HUGO["hugo.toml"]
            + '[permalinks.page]\nposts = "/p/:contentbasename/"\n',
        },
        {"posts/first-post.md": "blog/p/first-post/"},
    ),
    (
        "jekyll-date-is-the-default",
        JEKYLL,
        {"_posts/2026-10-01-hello-world.md": "blog/2026/10/01/hello-world.html"},
    ),
    (
        "jekyll-categories",
        {
            **JEKYLL,
            "_posts/2026-10-01-hello-world.md": dated(categories="[Craft, Deep]"),
        },
        {
            "_posts/2026-10-01-hello-world.md": (
                "blog/craft/deep/2026/10/01/hello-world.html"
            )
        },
    ),
    (
        "jekyll-pretty",
        {**JEKYLL, "_config.yml": JEKYLL["_config.yml"] + "permalink: pretty\n"},
        {"_posts/2026-10-01-hello-world.md": "blog/2026/10/01/hello-world/"},
    ),
    (
        "jekyll-none",
        {**JEKYLL, "_config.yml": JEKYLL["_config.yml"] + "permalink: none\n"},
        {"_posts/2026-10-01-hello-world.md": "blog/hello-world.html"},
    ),
    (
        "jekyll-in-defaults",
        {
            **JEKYLL,
            "_config.yml": JEKYLL["_config.yml"]
            + "defaults:\n  - scope: {type: pages}\n    values: {permalink: /x/}\n"
            + "  - scope: {path: '', type: posts}\n"
            + "    values: {permalink: '/:year/:title'}\n",
        },
        {"_posts/2026-10-01-hello-world.md": "blog/2026/hello-world"},
    ),
    (
        "hexo",
        HEXO,
        {
            "_posts/你好_世界.md": "2026/10/01/%E4%BD%A0%E5%A5%BD_%E4%B8%96%E7%95%8C/",
            "_posts/notes/inner.md": "2026/10/01/notes/inner/",
        },
    ),
    (
        "hexo-dated-names",
        {
            "_config.yml": HEXO["_config.yml"]
            + "new_post_name: ':year-:month-:day-:title.md'\n",
            "source/_posts/2026-10-01-hello.md": dated(),
        },
        {"_posts/2026-10-01-hello.md": "2026/10/01/hello/"},
    ),
    ("pelican-by-title", PELICAN, {"post.md": "my-first-post.html"}),
    (
        "pelican-by-slug-and-date",
        {
            **PELICAN,
            "pelicanconf.py": PELICAN["pelicanconf.py"]
            + 'ARTICLE_URL = "posts/{date:%Y}/{date:%m}/{slug}/"\n',
            "content/post.md": "Title: A\nSlug: given\nDate: 2026-10-01\n\nText.\n",
            "content/pages/about.md": "Title: About\nSlug: about\n\nText.\n",
        },
        {"post.md": "posts/2026/10/given/"},
    ),
    ("zola-by-path-without-date", ZOLA, {"blog/2026-10-01-hello.md": "blog/hello/"}),
    ("obsidian-by-path", OBSIDIAN, {"Notes/A Note.md": "Notes/A%20Note/"}),
    ("plain-by-slug", PLAIN, {"2026-10-01-hello.md": "hello/"}),
]


@pytest.mark.parametrize(
    ("files", "published"),
    [case[1:] for case in PUBLISHED],
    ids=[case[0] for case in PUBLISHED],
)
def test_posts_have_the_addresses_their_generator_gives_them(
    tmp_path: Path, files: Files, published: Mapping[str, str]
) -> None:
    found = addresses(set_up(tmp_path, files))
    assert found == {
        path: f"https://example.org/{place}" for path, place in published.items()
    }


@pytest.mark.parametrize(
    ("files", "config", "line", "default", "field"),
    [
        (JEKYLL, "_config.yml", "permalink: ordinal", ".html", ":y_day"),
        (HEXO, "_config.yml", "permalink: :hash/", "{path}/", ":hash"),
        (PELICAN, "pelicanconf.py", "ARTICLE_URL='{category}/{slug}'", ".html", "cat"),
        (HUGO, "hugo.toml", "[permalinks]\nposts='/:weekday/'", "{folder}", ":weekday"),
    ],
    ids=["jekyll", "hexo", "pelican", "hugo"],
)
def test_a_permalink_that_cannot_be_said_is_told_in_a_comment(
    tmp_path: Path, files: Files, config: str, line: str, default: str, field: str
) -> None:
    without = "".join(
        kept for kept in files[config].splitlines(True) if "permalink" not in kept
    )
    configuration = set_up(tmp_path, {**files, config: f"{without}{line}\n"})
    assert default in configuration.sites[0].permalink
    written = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    note = written.partition("permalink:")[0].rpartition("zone:")[2]
    assert field in note
    assert "no counterpart here" in note.replace("\n    # ", " ")


def test_what_hugo_is_told_is_taken_over(tmp_path: Path) -> None:
    site = set_up(tmp_path, HUGO, Answers()).sites[0]
    assert (site.url, site.title) == ("https://example.org/blog/", 'A: "B" #c')
    assert (site.language, site.zone) == ("zh-cn", "Asia/Shanghai")
    assert (site.author, site.description) == ("沈砚", "One line")
    assert (site.output, site.assets) == (tmp_path / "dist", (tmp_path / "static",))


def test_hugo_configured_in_parts_has_its_file_not_taken(tmp_path: Path) -> None:
    files = {
        "config/_default/config.yaml": "baseURL: https://example.org/\n",
        "config/_default/params.yaml": "author: {name: Ann}\n",
        "config/_default/menus.en.yaml": "main: []\n",
        "content/posts/a.md": dated(),
    }
    around = look(tmp_path, files)
    assert around.generator.layout.config == "pressroom.yaml"
    assert around.generator.sites[0].author == "Ann"


@pytest.mark.parametrize("name", ["config.yaml", "config.json"])
def test_our_file_does_not_pass_for_hugos(tmp_path: Path, name: str) -> None:
    text = '{"baseURL": "https://example.org/"}'
    around = look(tmp_path, {name: text, "content/posts/a.md": dated()})
    assert around.generator.name == "Hugo"
    assert around.generator.layout.config == "pressroom.yaml"


def test_languages_in_folders_of_their_own_are_sites(tmp_path: Path) -> None:
    files = {
        "hugo.yaml": """\
baseURL: https://example.org/
defaultContentLanguage: en
languages:
  en: {title: Journal, contentDir: content/en}
  zh: {title: 札记, contentDir: content/zh, languageCode: zh-CN}
""",
        "content/en/posts/a.md": dated(),
        "content/zh/posts/b.md": dated(),
    }
    configuration = set_up(tmp_path, files, Answers())
    first, second = configuration.sites
    assert (first.name, first.title, first.language) == ("site", "Journal", "en")
    assert (second.name, second.title, second.language) == ("zh", "札记", "zh-CN")
    assert second.output == tmp_path / "public/zh"
    assert addresses(configuration) == {
        "posts/a.md": "https://example.org/posts/a/",
        "posts/b.md": "https://example.org/zh/posts/b/",
    }


def test_hugo_says_where_dates_come_from(tmp_path: Path) -> None:
    more = '[frontmatter]\ndate = ["date", ":git", ":fileModTime"]\n'
    files = {**HUGO, "hugo.toml": f"buildDrafts = true\n{HUGO['hugo.toml']}{more}"}
    around = look(tmp_path, files)
    assert around.generator.sites[0].undated == ("git", "mtime")
    assert "drafts" in around.generator.notes[0]


def test_what_jekyll_would_publish_lies_where_it_looks_not(tmp_path: Path) -> None:
    configuration = set_up(tmp_path, JEKYLL, Answers())
    for path in (
        configuration.store.path,
        configuration.outbox.folder,
        configuration.mail.templates,
    ):
        assert path.relative_to(tmp_path).parts[0] == "_pressroom"
    site = configuration.sites[0]
    assert (site.title, site.author, site.zone) == (
        "Jekyll Site",
        "Ann",
        "Europe/Berlin",
    )
    assert site.output == tmp_path / "_site"


def test_zola_finds_no_template_of_ours(tmp_path: Path) -> None:
    set_up(tmp_path, ZOLA)
    assert [p.name for p in (tmp_path / "templates").iterdir()] == ["index.html"]
    assert (tmp_path / "mail-templates/digest.html").is_file()
    assert "feed of its own" in look(tmp_path, {}).generator.notes[0]


def test_a_vaults_daily_notes_and_forms_are_no_posts(tmp_path: Path) -> None:
    around = look(tmp_path, OBSIDIAN)
    assert (around.posts, around.generator.sites[0].undated) == (1, ())
    assert {"/Forms", "/Daily"} <= set(around.generator.sites[0].exclude)


def test_a_vaults_folder_of_posts_is_the_site(tmp_path: Path) -> None:
    around = look(tmp_path, {**OBSIDIAN, "Blog/a.md": dated()})
    assert around.generator.sites[0].folder == "Blog"


def test_without_address_and_zone_the_owner_sets_the_one_and_has_the_other(
    tmp_path: Path,
) -> None:
    site = look(tmp_path, PLAIN).generator.sites[0]
    assert (site.url, site.zone) == ("", ZONE)
    configuration = set_up(tmp_path, {}, Answers())
    assert configuration.sites[0].url == "https://example.org/"
    text = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    assert "set the address of your site" in text


def test_a_zone_there_is_not_gives_way_to_the_machines(tmp_path: Path) -> None:
    files = {**HEXO, "_config.yml": "timezone: Beijing\n"}
    assert look(tmp_path, files).generator.sites[0].zone == ZONE


def test_pages_without_dates_are_passed_over_and_forgotten_dates_are_not(
    tmp_path: Path,
) -> None:
    files = {
        **HUGO,
        "content/links/index.md": undated(),
        "content/pages/[a].md": undated(),
        "content/posts/forgotten.md": undated(),
        "content/plain.html": "<p>no post</p>",
    }
    around = look(tmp_path, files)
    assert around.pages == ("/about.md", "/links", "/pages")
    report = run_once(set_up(tmp_path, {}), SystemClock(), Silent())
    assert [fault.what for fault in report.faults] == ["the post has no date"]


def test_templates_outbox_and_key_are_there(tmp_path: Path) -> None:
    set_up(tmp_path, PLAIN)
    assert (tmp_path / "templates/digest.html").is_file()
    assert (tmp_path / "templates/parts/footer.html").is_file()
    assert (tmp_path / "outbox").is_dir()
    assert stat.S_IMODE((tmp_path / "var/key").stat().st_mode) == 0o600
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8")
    assert ignored == "/var/\n/outbox/\n"


def test_a_gitignore_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": "*.log\n/var/"})
    set_up(tmp_path, PLAIN)
    set_up(tmp_path, PLAIN)
    text = (tmp_path / ".gitignore").read_text(encoding="utf-8")
    assert text == "*.log\n/var/\n/outbox/\n"


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    set_up(tmp_path, HUGO)
    changed = ("config.yaml", "templates/digest.txt", "var/key")
    key = (tmp_path / "var/key").read_bytes()
    for name in changed[:2]:
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write("\n# mine\n")
    around, setup = look(tmp_path, {}), Setup()
    write_config(setup, tmp_path / "config.yaml", around.generator, ANSWERS)
    furnish(setup, tmp_path, load_configuration(tmp_path / "config.yaml").configuration)
    assert setup.wrote == []
    assert {tmp_path / name for name in changed} <= set(setup.kept)
    for name in changed[:2]:
        assert (tmp_path / name).read_text(encoding="utf-8").endswith("# mine\n")
    assert (tmp_path / "var/key").read_bytes() == key


def test_a_broken_configuration_of_the_generator_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"hugo\.toml"):
        look(tmp_path, {**HUGO, "hugo.toml": "title ="})


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        look_around(tmp_path / "none", ZONE)


def test_an_empty_folder_is_a_site_without_posts(tmp_path: Path) -> None:
    assert look(tmp_path, {}).posts == 0


def test_the_machines_zone_is_what_it_says(tmp_path: Path) -> None:
    local = tmp_path / "localtime"
    target = tmp_path / "zoneinfo/Asia/Shanghai"
    plant(tmp_path, {"zoneinfo/Asia/Shanghai": ""})
    local.symlink_to(target)
    assert machine_zone({"TZ": ":Europe/Paris"}, local) == "Europe/Paris"
    assert machine_zone({"TZ": "CST6CDT5"}, local) == "Asia/Shanghai"
    assert machine_zone({}, tmp_path / "none") == "UTC"
