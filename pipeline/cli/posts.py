"""`pressroom post`: what Pressroom knows of the posts."""

from __future__ import annotations

import json
from datetime import datetime

import click

from pipeline.base.errors import InputError
from pipeline.cli.session import Session, pass_session
from pipeline.content.post import Post
from pipeline.store.posts import KeptPost, find_post, present_posts
from pipeline.store.renditions import find_rendition


@click.group()
def post() -> None:
    """Look at the posts as they were last read."""


@post.command("list")
@click.option("--site", help="Only the posts of this site.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@pass_session
def list_posts(session: Session, site: str | None, as_json: bool) -> None:
    """List the posts, the newest first."""
    configuration, now = session.load(), session.clock.now()
    kept: list[KeptPost] = []
    with session.store(configuration) as database, database.transaction() as tx:
        for settings in configuration.sites:
            if site in (None, settings.name):
                kept += present_posts(tx, settings.name)
    kept.sort(key=lambda k: (k.post.published, k.post.id), reverse=True)
    if as_json:
        session.voice.data([json.loads(k.key) for k in kept])
        return
    session.voice.table(
        ("published", "state", "path", "title"),
        (
            (
                f"{k.post.published:%Y-%m-%d %H:%M}",
                _state(k.post, now),
                k.post.path,
                k.post.title,
            )
            for k in kept
        ),
    )


def _state(post: Post, now: datetime) -> str:
    if post.is_live(now):
        return "public"
    if post.draft:
        return "draft"
    return "future" if post.published > now else "expired"


@post.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_session
def show_post(session: Session, name: str, as_json: bool) -> None:
    """Show one post: NAME is its path, its URL, its id or its slug."""
    configuration = session.load()
    with session.store(configuration) as database, database.transaction() as tx:
        found = [
            kept
            for settings in configuration.sites
            for kept in present_posts(tx, settings.name)
            if name in (kept.post.path, kept.post.url, kept.post.id, kept.post.slug)
        ]
        if not found:
            raise InputError(
                f"there is no post '{name}'; `pressroom post list` has all"
            )
        kept = found[0]
        whole = find_post(tx, kept.post.id) or kept.post
        rendition = find_rendition(tx, kept.post.id)
    record = json.loads(kept.key) | {"text": whole.text}
    if as_json:
        session.voice.data(record)
        return
    for key, value in record.items():
        if value and key != "text":
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            session.voice.say(f"{key + ':':<13}{shown}")
    session.voice.say("")
    session.voice.say(rendition.mail_text if rendition else whole.text)
