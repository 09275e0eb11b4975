"""Joins the archive to a run: editions before the freezing, pages after it.

    an opened issue → its edition → a trial of the disk → frozen together → pages

What cannot be written is told and keeps no mail back: it is then frozen without a link
to the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.base.errors import ConfigError, OutputError
from pipeline.config.settings import Configuration
from pipeline.digest.archive import Shelf, archive_folder, issue_url, summary_of
from pipeline.digest.edition import Edition, make_edition
from pipeline.digest.embedding import MailImage
from pipeline.digest.issue import Issue
from pipeline.digest.page import DigestEntry
from pipeline.digest.translation import choose_translations
from pipeline.digest.variant import Variant
from pipeline.rendition.equation import image_url
from pipeline.runs.issues.archive import open_archive, publish_archive, rehearse
from pipeline.runs.issues.freezing import Copy, variant_context
from pipeline.runs.issues.newsroom import Newsroom, open_newsroom
from pipeline.runs.report import Progress, Report
from pipeline.runs.resources import read_catalogues, read_templates
from pipeline.store.database import Database
from pipeline.store.documents import all_documents
from pipeline.store.images import images_of_post
from pipeline.store.newsletters import numbered_posts
from pipeline.subscribers.choice import OWN_CADENCE


def with_edition(
    database: Database, newsroom: Newsroom, issue: Issue, copy: Copy, report: Report
) -> Copy:
    """Return `copy` with what anybody may read of the issue, and where, if they may.

    That is so of the newsletter's own schedule, and neither of a correction nor of a
    test. Raises ConfigError where the newsletter's subject or intro is wrong.
    """
    is_public = issue.cadence == OWN_CADENCE and issue.kind == "regular"
    if not newsroom.settings.archive or not is_public:
        return copy
    with database.transaction() as tx:
        news = numbered_posts(tx, newsroom.name, issue.from_number, issue.upto_number)
    shown = [copy.entries[post] for post in news.values() if post in copy.entries]
    if not shown:
        return copy
    edition = edit(database, newsroom, issue, shown)
    try:
        rehearse(newsroom, edition)
    except (ConfigError, OutputError) as error:
        report.add_errors([error])
        return replace(copy, edition=edition)
    return replace(copy, edition=edition, archive_url=edition.id)


def edit(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    entries: Sequence[DigestEntry],
) -> Edition:
    """Return the issue as one who reads the newsletter's language would get it whole.

    `entries` are its posts, the oldest first; of a work's translations it has one, as
    every reader has.
    """
    own = newsroom.settings.language or newsroom.site.language
    posts = choose_translations([entry.post for entry in entries], own, own)
    context = variant_context(
        newsroom,
        issue,
        Variant(0, tuple(post.id for post in posts), newsroom.languages[0], ()),
        Copy(
            entries={entry.post.id: entry for entry in entries},
            archive_url=issue_url(newsroom.site.url, newsroom.name, issue.number),
        ),
    )
    return make_edition(context, _formulas(database, newsroom, entries))


def proof(
    database: Database,
    newsroom: Newsroom,
    issue: Issue,
    entries: Sequence[DigestEntry],
) -> None:
    """Make every kind of page once; raise ConfigError where a template is wrong."""
    edition = edit(database, newsroom, issue, entries)
    archive = open_archive(newsroom)
    archive.issue_page(edition, None, None)
    archive.index_page(Shelf(folder="", issues=(summary_of(edition),)))
    archive.entry_html(edition)


def _formulas(
    database: Database, newsroom: Newsroom, entries: Iterable[DigestEntry]
) -> dict[str, MailImage]:
    """Return the formulas of posts by the URL they have where the post is published.

    The archive lies in the newsletter's own site, and shows them from there.
    """
    sites = {site.name: site.url for site in newsroom.sites}
    found: dict[str, MailImage] = {}
    with database.transaction() as tx:
        for entry in entries:
            for look in images_of_post(tx, entry.post.id):
                found[image_url(sites[entry.post.site], look.digest)] = MailImage(
                    digest=look.digest,
                    media_type=look.media_type,
                    size=look.size,
                    url=image_url(newsroom.site.url, look.digest),
                    formula=True,
                )
    return found


def bring_up_to_date(
    database: Database, newsroom: Newsroom, progress: Progress, report: Report
) -> set[Path]:
    """Write what is missing of a newsletter's archive; return the files it has.

    What the disk or a template refuses is in the report.
    """
    try:
        archived = publish_archive(database, newsroom, progress)
    except ConfigError as error:
        report.add_errors([error])
        return set()
    report.add_errors(archived.errors)
    report.archived += archived.written
    return {*archived.written, *archived.kept}


def publish_archives(
    database: Database,
    configuration: Configuration,
    progress: Progress,
    report: Report,
) -> set[Path]:
    """Write what is missing of every archive; return the files they have.

    The archive of a newsletter whose settings are wrong, which is told when its mail
    is made, stays as it is.
    """
    files = set[Path]()
    try:
        templates = read_templates(configuration.mail.templates)
    except ConfigError:
        names = [newsletter.name for newsletter in configuration.newsletters]
        return _standing(database, configuration, names)
    catalogues = read_catalogues()
    for settings in configuration.newsletters:
        try:
            newsroom = open_newsroom(configuration, settings, catalogues, templates)
        except ConfigError:
            files |= _standing(database, configuration, [settings.name])
        else:
            files |= bring_up_to_date(database, newsroom, progress, report)
    return files


def _standing(
    database: Database, configuration: Configuration, names: Iterable[str]
) -> set[Path]:
    """Return the files of newsletters' archives as they were written last."""
    folders = [
        site.output / archive_folder(name)
        for site in configuration.sites
        for name in names
    ]
    with database.transaction() as tx:
        known = map(Path, all_documents(tx))
        return {path for path in known if any(map(path.is_relative_to, folders))}
