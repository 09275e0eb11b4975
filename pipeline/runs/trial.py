"""A trial: a run at another time, on a copy of the store, into a folder of its own.

The live store, feeds and outbox are only read; a cache that is there is shared. What
would wait for its time, its page or its owner does not: a trial shows what comes.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.base.errors import UsageError
from pipeline.base.files import make_folder, write_whole
from pipeline.config.settings import Configuration, SiteSettings
from pipeline.runs.sites.collect import output_pattern
from pipeline.store.database import copy_store, open_store
from pipeline.store.ledger import forget_ledger


def prepare_trial(configuration: Configuration, into: Path) -> Configuration:
    """Copy store and key into the folder `into`, and return settings that stay there.

    One site's feeds go to `public/`, those of several to `public/NAME/`. Raises
    UsageError when the folder is not empty.
    """
    into = into.resolve()
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} is not an empty folder; name a new one for the trial")
    live = configuration.store.path
    copy = into / "var" / live.name
    make_folder(copy.parent)
    if live.exists():
        copy_store(live, copy)
        _begin_ledger(copy)
    key = live.with_name("key")
    if key.exists():
        write_whole(copy.with_name("key"), key.read_bytes(), owner_only=True)
    return _moved(configuration, into, copy)


def _begin_ledger(copy: Path) -> None:
    """Have the copy take the trial's outbox, which is empty, for its own."""
    database = open_store(copy)
    try:
        with database.transaction() as tx:
            forget_ledger(tx)
    finally:
        database.close()


def _moved(configuration: Configuration, into: Path, copy: Path) -> Configuration:
    cache = configuration.cache
    if not cache.folder.is_dir():
        cache = cache.model_copy(update={"folder": copy.with_name("cache")})
    alone = len(configuration.sites) == 1
    public = into / "public"

    def site(settings: SiteSettings) -> SiteSettings:
        output = public if alone else public / settings.name
        exclude = settings.exclude
        if settings.output.is_relative_to(settings.folder):
            exclude = (*exclude, output_pattern(settings))
        return settings.model_copy(update={"output": output, "exclude": exclude})

    impatient = {"settle": "0", "require_live": False}
    return configuration.model_copy(
        update={
            "newsletters": tuple(
                newsletter.model_copy(update={"hold": "0"})
                for newsletter in configuration.newsletters
            ),
            "mail": configuration.mail.model_copy(update=impatient),
            "owner": configuration.owner.model_copy(update={"address": ""}),
            "sites": tuple(map(site, configuration.sites)),
            "outbox": configuration.outbox.model_copy(
                update={"folder": into / "outbox"}
            ),
            "cache": cache,
            "store": configuration.store.model_copy(update={"path": copy}),
        }
    )
