"""Every setting: its type, its default, and the help that docs and schema print.

Reads nothing: `config.load` turns config.yaml into these; `config.values` checks
single values. Paths are as written, relative to the folder of config.yaml;
`config.load` makes them absolute. How Pressroom runs is set in config/operation.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pipeline.config.group import Settings
from pipeline.config.operation import (
    CacheSettings,
    DaemonSettings,
    OutboxSettings,
    OwnerSettings,
    RetentionSettings,
    StoreSettings,
    WebSettings,
)
from pipeline.config.values import (
    BaseUrl,
    Choices,
    Duration,
    Macros,
    Name,
    Names,
    Permalink,
    Zone,
    as_tuple,
)


class SiteSettings(Settings):
    """One site: a folder of posts and the address it is published at."""

    name: Name = Field("site", description="Short name, unique among the sites.")
    folder: Path = Field(description="Folder with the posts.")
    url: BaseUrl = Field(description="Address of the published site.")
    title: str = Field(description="Name of the site, as feeds show it.")
    description: str = Field("", description="One line about the site.")
    language: str = Field("en", description="Language of posts that name none.")
    author: str = Field("", description="Author of posts that name none.")
    zone: Zone = Field("UTC", description="Time zone of dates that name none.")
    permalink: Permalink = Field(
        "/{slug}/",
        description="Path of a post that names none itself. Fields: {slug}, {title}, "
        "{year}, {month}, {day}, {i_month} and {i_day} (without leading zero), "
        "{path} (folder and file name without ending), {folder}, {stem} (file name "
        "with its date), {categories}, {language}.",
    )
    output: Path = Field(Path("public"), description="Folder feeds are written into.")
    assets: tuple[Path, ...] = Field(
        (),
        description="Folders whose files lie at the root of the published site, "
        "such as Hugo's `static`.",
    )
    exclude: tuple[str, ...] = Field(
        (), description="Patterns of paths below `folder` to pass over."
    )
    charset: str = Field(
        "auto", description="Character set of the posts; `auto` looks for itself."
    )
    line_breaks: Literal["soft", "hard"] = Field(
        "soft",
        description="What a line break within a paragraph of Markdown is: `soft` a "
        "space (none between Chinese), as Hugo, Jekyll, Pelican and Zola have it; "
        "`hard` a new line, as Hexo, Obsidian and Typora do.",
    )
    undated: tuple[Literal["git", "mtime"], ...] = Field(
        (),
        description="Where a post without a date takes it from, in this order: "
        "`git` (its first commit), `mtime` (the file's time). Empty: it is refused.",
    )
    max_post_bytes: int = Field(
        1_000_000, gt=0, description="Largest post that is read, in bytes."
    )


class FeedSettings(Settings):
    """Which feeds are written for every site, and what an entry holds."""

    formats: tuple[Literal["rss", "atom", "json"], ...] = Field(
        ("rss", "atom", "json"), min_length=1, description="Formats of every feed."
    )
    entries: int = Field(20, ge=1, le=1000, description="Newest posts in a feed.")
    body: Literal["full", "excerpt"] = Field(
        "full", description="What an entry holds: the whole post or its excerpt."
    )
    math: Literal["image", "mathml"] = Field(
        "image",
        description="How feeds show formulas: as an `image`, which every reader shows "
        "(simple ones as text), or as `mathml`, for readers that are browsers.",
    )
    tags: Choices = Field((), description="Tags with a feed of their own, or `all`.")
    authors: Choices = Field((), description="Authors with a feed of their own.")
    languages: Choices = Field((), description="Languages with a feed of their own.")
    series: Choices = Field((), description="Series with a feed of their own.")


class FilterSettings(Settings):
    """Which posts a newsletter takes: all that pass every line given."""

    tags: Names = Field((), description="Posts with one of these tags.")
    authors: Names = Field((), description="Posts by one of these authors.")
    languages: Names = Field((), description="Posts in one of these languages.")
    series: Names = Field((), description="Posts of one of these series.")
    without_tags: Names = Field((), description="No post with one of these tags.")


class NewsletterSettings(Settings):
    """One newsletter: what a reader subscribes to."""

    name: Name = Field(description="Short name, unique; part of its List-Id.")
    title: str = Field(description="Name, as readers see it.")
    description: str = Field("", description="One line about it.")
    schedule: str = Field(
        description="`every monday 09:00`, `daily 07:30`, `monthly 31 09:00`, "
        "`instant`, or a cron expression such as `0 9 * * MON`."
    )
    cadences: Annotated[
        tuple[Literal["instant", "daily", "weekly", "monthly"], ...],
        BeforeValidator(as_tuple),
    ] = Field(
        (),
        description="Cadences a reader may choose instead of the schedule: `instant`, "
        "`daily`, `weekly` (on Mondays, or the schedule's weekday), `monthly` (on the "
        "1st, or the schedule's day), at the schedule's time of day.",
    )
    zone: Zone | None = Field(None, description="Its time zone; else its site's.")
    sites: tuple[str, ...] = Field((), description="Sites it draws on; else all.")
    filter: FilterSettings = Field(
        default_factory=FilterSettings, description="Which posts it takes."
    )
    language: str = Field("", description="Language of its mail; else its site's.")
    body: Literal["title", "excerpt", "full"] = Field(
        "excerpt", description="How much of each post its mail shows."
    )
    template: str = Field(
        "digest", description="Template, as NAME.html and NAME.txt in `mail.templates`."
    )
    subject: str = Field(
        "{{ newsletter.title }} #{{ issue.number }}: {{ posts[0].title }}",
        description="Subject line, a template.",
    )
    intro: str = Field("", description="Text above the posts, a template.")
    welcome: bool = Field(
        False,
        description="Send a welcome, with the posts of the last issue, to who joins "
        "by the form.",
    )
    max_posts: int = Field(
        20, ge=1, le=500, description="Most posts in an issue; the rest wait."
    )
    backfill: int = Field(
        0,
        ge=0,
        description="Open a first issue at once with the newest N posts that were "
        "there before the newsletter.",
    )
    hold: Duration = Field(
        "0",
        description="How long an issue waits for its owner before it goes out by "
        "itself, such as `30m`: a preview is mailed to `owner.address`, with links to "
        "release it, leave out a post, or stop it.",
    )
    archive: bool = Field(
        True,
        description="Publish every issue of its schedule as a web page, with a list "
        "of them and feeds, in `archive/NAME/` of its first site's output.",
    )
    sender: str = Field(description="From: `Name <address>`.")
    reply_to: str = Field("", description="Reply-To address, if another.")
    postal_address: str = Field(
        min_length=1, description="Postal address in the footer; the law asks for it."
    )


class MathSettings(Settings):
    """How formulas are typeset, in feeds and mail alike."""

    macros: Macros = Field(
        default_factory=dict,
        description="Commands of your own by name, without backslash: "
        "`RR: \\mathbb{R}`, `norm: '\\lVert #1 \\rVert'`. What `#1` to `#9` stand "
        "for is given in braces.",
    )
    physics: bool = Field(
        False,
        description="Load the package physics (`\\dv`, `\\qty`, …), which also "
        "changes what some other commands mean.",
    )
    font: Path | None = Field(
        None,
        description="Font file for Chinese and other text in formulas; else one that "
        "is installed.",
    )


class MailSettings(Settings):
    """How mail is made."""

    templates: Path = Field(
        Path("templates"), description="Folder with the mail templates."
    )
    inliner: Literal["css-inline", "premailer"] = Field(
        "css-inline", description="Engine that puts CSS into style attributes."
    )
    max_html_bytes: int = Field(
        102_000,
        ge=10_000,
        description="Largest HTML of a mail; beyond it bodies get shorter, since "
        "Gmail clips.",
    )
    math: Literal["embedded", "linked"] = Field(
        "embedded",
        description="Images of formulas: `embedded` in the message, so that every "
        "client shows them at once, or `linked` to the site.",
    )
    images: Literal["linked", "embedded"] = Field(
        "linked",
        description="Pictures of posts: `linked` to the site, or `embedded` in the "
        "message. What mail cannot show is converted, what is too large scaled down.",
    )
    embedded_bytes: int = Field(
        250_000,
        ge=0,
        description="Most bytes embedded in a message, formulas first; the rest is "
        "linked.",
    )
    batch_size: int = Field(500, ge=1, le=10_000, description="Most messages a batch.")
    most_variants: int = Field(
        100,
        ge=1,
        description="Most kinds of mail of an issue, by what readers chose, that are "
        "held in memory and have batches of their own. The rest goes through the "
        "store and shares batches, which takes longer.",
    )
    settle: Duration = Field(
        "10m",
        description="How long a post must rest unchanged before it may enter an "
        "issue, such as `10m`, `1h`, or `0`; feeds take it at once. What was there "
        "when the site was first read has rested.",
    )
    require_live: bool = Field(
        False,
        description="Whether a post's page must be there, on the site, before the "
        "post may enter an issue: a generator may not have published it yet.",
    )
    live_hours: int = Field(
        24,
        ge=1,
        le=720,
        description="Hours after which the owner is told of a post whose page is not "
        "there, with `require_live`.",
    )
    flood: int = Field(
        20,
        ge=0,
        description="Most posts that may become news, or vanish, at once: of more, "
        "everything is held and the owner asked. 0: never.",
    )
    unsubscribe_address: str = Field(
        "", description="Address that takes mails asking to leave."
    )
    bounce_address: str = Field(
        "",
        description="Envelope sender, `bounces@example.org`; each message adds "
        "`+token` before the @. Empty: the sender's address, unchanged.",
    )


class Configuration(Settings):
    """The whole of config.yaml."""

    sites: tuple[SiteSettings, ...] = Field(
        min_length=1, description="Sites whose posts are read."
    )
    feeds: FeedSettings = Field(
        default_factory=FeedSettings, description="Feeds of every site."
    )
    newsletters: tuple[NewsletterSettings, ...] = Field(
        (), description="Newsletters made from the posts."
    )
    math: MathSettings = Field(
        default_factory=MathSettings, description="How formulas are typeset."
    )
    mail: MailSettings = Field(
        default_factory=MailSettings, description="How mail is made."
    )
    web: WebSettings = Field(
        default_factory=WebSettings, description="The readers' pages."
    )
    owner: OwnerSettings = Field(
        default_factory=OwnerSettings, description="Who runs the site."
    )
    outbox: OutboxSettings = Field(
        default_factory=OutboxSettings, description="Where messages lie."
    )
    store: StoreSettings = Field(
        default_factory=StoreSettings, description="What outlives a run."
    )
    daemon: DaemonSettings = Field(
        default_factory=DaemonSettings, description="What `pressroom run` does."
    )
    retention: RetentionSettings = Field(
        default_factory=RetentionSettings,
        description="How long is kept what names readers.",
    )
    cache: CacheSettings = Field(
        default_factory=CacheSettings, description="What is made again when missing."
    )
