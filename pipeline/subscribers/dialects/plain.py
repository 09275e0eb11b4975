"""Plain lists: spreadsheets, lists of ours, and whatever no other dialect fits."""

from __future__ import annotations

from typing import Final

from pipeline.subscribers.columns import write_tags
from pipeline.subscribers.dialects.dialect import Dialect, Said
from pipeline.subscribers.subscriber import Subscriber

COLUMNS: Final = (
    "email",
    "name",
    "language",
    "newsletters",
    "status",
    "created",
    "confirmed",
    "ended",
    "tags",
    "source",
)
"""The columns that are written, in this order; each can be read."""


def _as_it_stands(said: Said) -> Said:
    return said


def _write(subscriber: Subscriber) -> tuple[str, ...]:
    confirmed, ended = subscriber.confirmed, subscriber.ended
    return (
        subscriber.address,
        subscriber.name,
        subscriber.language,
        " ".join(subscriber.newsletters),
        subscriber.state,
        subscriber.created.isoformat(),
        confirmed.isoformat() if confirmed else "",
        ended.isoformat() if ended else "",
        write_tags(subscriber.tags),
        subscriber.source,
    )


PLAIN = Dialect(
    name="plain",
    title="a plain list",
    headings={
        "email": (
            *("email", "e-mail", "mail", "email address", "e-mail address"),
            *("email_address", "emailaddress", "邮箱", "电子邮箱", "邮箱地址"),
            *("邮件", "邮件地址", "电子邮件", "电子邮件地址", "郵箱", "電子郵件"),
            *("subscriber", "address"),
        ),
        "name": (
            *("name", "full name", "full_name", "姓名", "名字", "名称", "昵称"),
            "称呼",
        ),
        "first": ("first name", "first_name", "firstname", "given name", "fname", "名"),
        "last": ("last name", "last_name", "lastname", "family name", "lname", "姓"),
        "language": ("language", "lang", "locale", "语言"),
        "newsletters": ("newsletters", "newsletter", "lists", "list", "列表", "订阅"),
        "status": ("status", "state", "状态"),
        "created": (
            *("created", "created_at", "created at", "subscribed_at", "subscribed at"),
            *("date", "date added", "joined", "signup date", "创建时间", "订阅时间"),
        ),
        "confirmed": ("confirmed", "confirmed_at", "confirmed at", "确认时间"),
        "ended": ("ended", "unsubscribed_at", "unsubscribed at", "退订时间"),
        "tags": ("tags", "tag", "labels", "标签"),
        "source": ("source", "来源"),
    },
    signs=(),
    columns=COLUMNS,
    interpret=_as_it_stands,
    write=_write,
)
