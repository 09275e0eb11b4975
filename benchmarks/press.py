"""How many messages a second the press makes, beside rendering each one anew.

Prints the ratio, which hardly depends on the machine: run by `make bench`. The other
way is what mail programs in Python do: fill the template and build an EmailMessage
for every reader, its CSS inlined already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment

from pipeline.digest.headers import FixedHeaders, Mailbox, message_id
from pipeline.digest.press import Reader, compile_page
from pipeline.digest.rendered import Page
from pipeline.digest.slots import SLOT_NAMES, choose_sentinel, make_slots

DATE = datetime(2026, 11, 20, 9, tzinfo=UTC)
PRESSED = 20_000
RENDERED = 200
SENDER = Mailbox("示例周刊", "weekly@news.example.org")

CARD = """<table role="presentation" width="100%"><tr><td style="padding: 16px 24px">
<h2 style="margin: 0 0 8px; font-size: 20px; color: #1a1a1a">一篇关于公式的文章</h2>
<p style="margin: 0; line-height: 1.6">The sum of the first n odd numbers is n².</p>
<p style="margin: 0"><a href="https://example.org/posts/odd-numbers/">阅读全文</a></p>
</td></tr></table>
"""
HTML = f"""<!doctype html><html lang="zh"><body>{CARD * 70}
<p>{{{{ address }}}} <a href="{{{{ unsubscribe_url }}}}">退订</a>
<a href="{{{{ preferences_url }}}}">偏好</a></p></body></html>
"""
TEXT = f"""{"一篇关于公式的文章：前 n 个奇数之和等于 n 的平方。" * 80}
{{{{ address }}}}
退订：{{{{ unsubscribe_url }}}}
偏好：{{{{ preferences_url }}}}
"""


def readers(count: int) -> Iterator[Reader]:
    """Yield readers whose values all differ."""
    for number in range(count):
        token = f"asfurd5yjgtdru{number:07}"
        leave = f"https://news.example.org/leave/{token}"
        address = f"reader{number}@example.net"
        values = (leave, f"https://news.example.org/me/{token}", address)
        yield Reader(
            address=address,
            values=dict(zip(SLOT_NAMES, values, strict=True)),
            message_id=message_id("weekly-12", token, SENDER.domain),
            list_unsubscribe=(leave, f"mailto:leave+{token}@news.example.org"),
        )


def press() -> Callable[[Reader], bytes]:
    """Return the press's way: compiled once, joined a reader."""
    env, sentinel = Environment(autoescape=True), choose_sentinel([HTML, TEXT])
    slots = make_slots(sentinel)
    page = Page(
        subject="第十二期：奇数之和",
        preheader="",
        html=env.from_string(HTML).render(slots),
        text=env.from_string(TEXT).render(slots),
        body="full",
        notes=(),
        sentinel=sentinel,
    )
    fixed = FixedHeaders(
        sender=SENDER, newsletter="weekly", title="示例周刊", issue="12", language="zh"
    )
    compiled = compile_page(page, fixed, "weekly-12-1")
    return lambda reader: compiled.message(reader, DATE)


def render() -> Callable[[Reader], bytes]:
    """Return the other way: template and EmailMessage for every reader."""
    html = Environment(autoescape=True).from_string(HTML)
    text = Environment(autoescape=False).from_string(TEXT)

    def message(reader: Reader) -> bytes:
        made = EmailMessage()
        made["From"] = f"{SENDER.name} <{SENDER.address}>"
        made["To"] = reader.address
        made["Subject"] = "第十二期：奇数之和"
        made["Date"] = format_datetime(DATE)
        made["Message-ID"] = reader.message_id
        made["List-Unsubscribe"] = f"<{reader.list_unsubscribe[0]}>"
        made.set_content(text.render(reader.values))
        made.add_alternative(html.render(reader.values), subtype="html")
        return made.as_bytes(policy=SMTP)

    return message


def rate(make: Callable[[Reader], bytes], count: int) -> tuple[float, int]:
    """Return messages a second, and the octets of the last one."""
    waiting, size = list(readers(count)), 0
    start = time.perf_counter()
    for reader in waiting:
        size = len(make(reader))
    return count / (time.perf_counter() - start), size


def main() -> None:
    """Run both ways and print what they made of it."""
    pressed, size = rate(press(), PRESSED)
    rendered, other_size = rate(render(), RENDERED)
    print(f"press:        {pressed:10,.0f} messages/s of {size:,} octets")
    print(f"EmailMessage: {rendered:10,.0f} messages/s of {other_size:,} octets")
    print(f"ratio:        {pressed / rendered:10,.0f}")


if __name__ == "__main__":
    main()
