"""The images of an issue: formulas from the store, pictures from the site's folder.

    renditions → URLs in them → files → copies that mail clients show → output/images/

Nothing is fetched: a picture that lies elsewhere stays a link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pipeline.base.faults import Fault
from pipeline.base.files import make_folder, write_whole
from pipeline.cache.disk import Cache, cache_key
from pipeline.config.settings import Configuration, SiteSettings
from pipeline.content.post import Mail, Post
from pipeline.digest.embedding import SUFFIXES, MailImage, image_urls
from pipeline.digest.page import DigestEntry
from pipeline.math.forms import DIGEST_LENGTH
from pipeline.pictures.copies import PICTURES_VERSION, MailPicture, mail_picture
from pipeline.pictures.size import PictureError
from pipeline.rendition.equation import image_url
from pipeline.runs.report import Progress
from pipeline.runs.sites.collect import Collected
from pipeline.runs.sites.composing import picture_fault
from pipeline.runs.sites.pictures import SitePictures
from pipeline.store.database import Database
from pipeline.store.images import KeptImage, images_of_post

PICTURES_FOLDER = "images"
"""Where a site has the copies of pictures that are made for mail."""

_CACHED: TypeAdapter[tuple[MailPicture | None]] = TypeAdapter(
    tuple[MailPicture | None],
    config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"),
)


@dataclass(slots=True)
class MailImages:
    """What the pages of an issue may show, by the URL that renditions have.

    `pictures` are the bytes, by digest, of those that do not lie in the store.
    """

    offers: dict[str, MailImage] = field(default_factory=dict)
    pictures: dict[str, KeptImage] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def gather_images(
    database: Database,
    configuration: Configuration,
    collected: Mapping[str, Collected],
    entries: Sequence[DigestEntry],
    progress: Progress,
    *,
    whole: bool,
) -> MailImages:
    """Return the images of an issue's posts; publish the copies made for mail.

    `whole` says that pages show posts in full. Raises OutputError where a copy cannot
    be written.
    """
    gathered = MailImages()
    cache = Cache(configuration.cache.folder, configuration.cache.max_bytes)
    folders = {
        name: _Folder(
            configuration, cache, SitePictures(found.site, found.index), gathered
        )
        for name, found in collected.items()
    }
    for entry in progress.track("Gathering pictures", entries):
        site = collected[entry.post.site].site
        if configuration.mail.math == "embedded":
            gathered.offers |= _formulas(database, site, entry.post)
        full = whole or entry.post.mail is Mail.FULL
        for url in dict.fromkeys(_shown(entry, full=full)):
            if url not in gathered.offers:
                folders[site.name].offer(url, site, entry.post)
    return gathered


def _formulas(
    database: Database, site: SiteSettings, post: Post
) -> dict[str, MailImage]:
    with database.transaction() as tx:
        looks = images_of_post(tx, post.id)
    urls = {look.digest: image_url(site.url, look.digest) for look in looks}
    return {
        urls[look.digest]: MailImage(
            digest=look.digest,
            media_type=look.media_type,
            size=look.size,
            url=urls[look.digest],
            formula=True,
        )
        for look in looks
    }


def _shown(entry: DigestEntry, *, full: bool) -> Iterator[str]:
    rendition = entry.rendition
    if rendition.picture:
        yield rendition.picture.url
    yield from image_urls(rendition.excerpt_html)
    if full:
        yield from image_urls(rendition.mail_html)


# What mail_picture lets through as it is, by the bytes it begins with.
_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"GIF8": "image/gif"}


def _media_type(data: bytes) -> str:
    types = (kind for mark, kind in _SIGNATURES.items() if data.startswith(mark))
    return next(types, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class _Folder:
    """The pictures of one site, on their way into an issue."""

    configuration: Configuration
    cache: Cache
    pictures: SitePictures
    gathered: MailImages

    def offer(self, url: str, site: SiteSettings, post: Post) -> None:
        """Offer the picture at `url`, if it lies in the site's folder."""
        reference = self.pictures.reference(url)
        if reference is None:
            return
        try:
            data = self.pictures.read(reference, self._folders())
            if data is not None:
                self._add(url, site, data, self._copy(data))
        except PictureError as error:
            if self._is_measured(reference):
                self._tell(post, url, site, error)

    def _is_measured(self, reference: str) -> bool:
        """Tell whether the picture has a size; if not, its rendering has said why."""
        try:
            return self.pictures.size(reference) is not None
        except PictureError:
            return False

    def _folders(self) -> list[Path]:
        """Return where pictures may lie: sites may share theirs by links."""
        sites = self.configuration.sites
        return [folder for site in sites for folder in (site.folder, *site.assets)]

    def _copy(self, data: bytes) -> MailPicture | None:
        key = cache_key(PICTURES_VERSION, data)
        if cached := self.cache.get(key):
            try:
                return _CACHED.validate_json(cached)[0]
            except ValidationError:
                pass
        copy = mail_picture(data)
        self.cache.put(key, _CACHED.dump_json((copy,)))
        return copy

    def _add(
        self, url: str, site: SiteSettings, data: bytes, copy: MailPicture | None
    ) -> None:
        embeds = self.configuration.mail.images == "embedded"
        if copy is None and not embeds:
            return
        shown = copy.data if copy else data
        media_type = copy.media_type if copy else _media_type(data)
        digest = hashlib.sha256(shown).hexdigest()[:DIGEST_LENGTH]
        published = self._publish(site, digest, copy) if copy else url
        self.gathered.offers[url] = MailImage(
            digest=digest,
            media_type=media_type,
            size=len(shown),
            url=published,
            formula=False,
            embeddable=embeds,
        )
        if embeds:
            self.gathered.pictures[digest] = KeptImage(digest, media_type, shown)

    def _publish(self, site: SiteSettings, digest: str, copy: MailPicture) -> str:
        name = f"{digest}.{SUFFIXES[copy.media_type]}"
        folder = site.output / PICTURES_FOLDER
        make_folder(folder)
        write_whole(folder / name, copy.data)
        return f"{site.url}{PICTURES_FOLDER}/{name}"

    def _tell(
        self, post: Post, url: str, site: SiteSettings, error: PictureError
    ) -> None:
        fault = picture_fault(str(site.folder / post.path), url, error)
        self.gathered.faults.append(fault)
