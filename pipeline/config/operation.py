"""Settings of how Pressroom runs: its pages, its outbox, its owner, what it keeps.

What is published, and how it looks, stands in config/settings.py.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pipeline.config.group import Settings
from pipeline.config.values import Duration, Listen, Network, OptionalUrl


class WebSettings(Settings):
    """The readers' pages, which `pressroom serve` serves."""

    public_url: OptionalUrl = Field(
        "",
        description="Address of the readers' pages, as readers reach it: put into "
        "mail, so that it must lead to `pressroom serve`.",
    )
    listen: Listen = Field(
        "127.0.0.1:8642",
        description="Where `pressroom serve` listens: address and port.",
    )
    trusted_proxies: tuple[Network, ...] = Field(
        ("127.0.0.0/8", "::1"),
        description="Proxies whose X-Forwarded-For is believed: addresses, networks.",
    )
    metrics_from: tuple[Network, ...] = Field(
        ("127.0.0.0/8", "::1"),
        description="Who may read `/healthz` and `/metrics`: addresses, networks. "
        "Others find nothing there.",
    )
    confirm_hours: int = Field(
        72,
        ge=1,
        le=720,
        description="Hours in which who joins by the form has to confirm it by the "
        "link in a mail; after that they are forgotten.",
    )


class OutboxSettings(Settings):
    """The folder a relay takes messages from."""

    folder: Path = Field(Path("outbox"), description="Where batches are put.")
    ahead: int = Field(
        20, ge=1, description="Most unclaimed batches; the rest wait for the relay."
    )


class OwnerSettings(Settings):
    """Who runs the site, and is told what happens to it."""

    address: str = Field(
        "",
        description="Address that is told by mail what needs its owner: an issue that "
        "is held, too much news at once, what has failed for long. Empty: no mail.",
    )
    language: str = Field(
        "", description="Language of these mails; else the first site's."
    )
    alert_after: Duration = Field(
        "1h",
        description="How long something must have failed until you are told: a site "
        "that cannot be read, a newsletter that cannot run, a relay that takes "
        "nothing, a disk that is nearly full.",
    )
    alert_free_bytes: int = Field(
        500_000_000,
        ge=0,
        description="Bytes that must be free where store, outbox and output lie; below "
        "it a disk counts as nearly full.",
    )


class StoreSettings(Settings):
    """What outlives a run."""

    path: Path = Field(
        Path("var/pressroom.db"),
        description="The SQLite file; its key and lock lie beside it.",
    )


class DaemonSettings(Settings):
    """What `pressroom run` does by itself."""

    scan_seconds: int = Field(
        60,
        ge=1,
        le=86_400,
        description="Seconds after which the folders are looked at again, although "
        "nobody told of a change: network file systems tell of none.",
    )


class RetentionSettings(Settings):
    """How long is kept what names readers and is needed no more."""

    sent_days: int = Field(
        30,
        ge=0,
        description="Days that messages stay in `sent/` and `failed/` of the outbox.",
    )
    journal_days: int = Field(
        90,
        ge=0,
        description="Days that the rest of such a batch stays: who it was for, and the "
        "relay's journal. Never fewer than `sent_days`.",
    )
    consent_days: int = Field(
        1_095,
        ge=0,
        description="Days after somebody left that the evidence of their consent is "
        "kept.",
    )


class CacheSettings(Settings):
    """Results that are made again when they are not there."""

    folder: Path = Field(
        Path("var/cache"), description="Where they are kept; may be deleted any time."
    )
    max_bytes: int = Field(
        500_000_000, ge=0, description="Most bytes kept; the longest unused go first."
    )
