"""Whoever writes: posts come, change, move, hide, vanish, come back and are translated.

Every change tells the oracle what the file says now. Only such changes are made of
which docs/decisions say whether a post is the same one afterwards, and at most one to
a post between two looks at its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from tests.world import World
from tests.year.oracle import Oracle
from tests.year.records import Post

TAGS = ("maths", "music", "art")
LANGUAGES = ("en", "zh", "fr")
SURELY_RECENT = timedelta(days=29)
SURELY_LONG_GONE = timedelta(days=31)


@dataclass(frozen=True)
class Site:
    """A folder of posts: its clocks, and what it is written in."""

    name: str
    zone: str
    language: str

    @property
    def folder(self) -> str:
        return f"content-{self.name}"


@dataclass
class File:
    """The file of a post.

    It can be `broken` for a while, or `gone`, and is `missed` since a run did not find
    it; `collected` tells that one has read it, `said` what it said when it was whole.
    """

    post: Post
    site: Site
    path: str
    date: str
    take: int = 1
    words: int = 1
    slug: str = ""
    said: str = ""
    broken: bool = False
    collected: bool = False
    gone: bool = False
    missed: datetime | None = None

    def text(self) -> str:
        """Return the file as it is to be written."""
        title = f"{self.post.name} take {self.take}"
        fields = {
            "title": title if not self.broken else "[",
            "date": self.date,
            "slug": self.slug,
            "language": self.post.language,
            "translationKey": self.post.work,
            "tags": f"[{', '.join(sorted(self.post.tags))}]",
            "draft": str(self.post.draft).lower(),
        }
        matter = "".join(f"{key}: {said}\n" for key, said in fields.items() if said)
        return f"---\n{matter}---\nWhat {self.post.name} says, in words {self.words}.\n"


class Author:
    """Writes the posts of every site, but not in a folder that is away."""

    def __init__(self, world: World, oracle: Oracle, dice: Random) -> None:
        self.world = world
        self.oracle = oracle
        self.dice = dice
        self.files: list[File] = []
        self.touched: set[str] = set()
        self.dates: set[datetime] = set()

    def begin(self, site: Site, posts: int) -> None:
        """Write what was there before there were newsletters."""
        for n in range(posts):
            self._write_new(site, self.world.time - timedelta(days=9 + n, minutes=n))

    def write(self, site: Site) -> None:
        """Write a post: of now as a rule, else for a day to come, or of old."""
        hours = self.dice.choice([0, 0, 0, 0, 1, 2, -9, -70, 9_999])
        minutes = timedelta(minutes=self.dice.randrange(60))
        self._write_new(site, self.world.time - timedelta(hours=hours) - minutes)

    def work(self, away: set[str]) -> None:
        """Do something else to some post."""
        free = [
            file
            for file in self.files[3:]
            if file.post.name not in self.touched and file.site.name not in away
        ]
        if free:
            file = self.dice.choice(free)
            deeds = self._deeds(file)
            if deeds:
                self.touched.add(file.post.name)
                self.dice.choice(deeds)(file)

    def looked(self, away: set[str]) -> None:
        """Take note that a run has looked into every folder but those away."""
        for file in self.files:
            if file.site.name not in away:
                self.touched.discard(file.post.name)
                file.collected = True
                if file.gone and file.missed is None:
                    file.missed = self.world.time

    def _deeds(self, file: File) -> Sequence[Callable[[File], None]]:
        if file.gone:
            absent = self.world.time - (file.missed or self.world.time)
            if absent > SURELY_LONG_GONE:
                return [self._return, self._return_elsewhere, self._succeed]
            return [self._return] * (absent < SURELY_RECENT)
        if file.broken:
            return [self._mend]
        deeds = [self._edit, self._edit, self._retag, self._rename, self._readdress]
        deeds += [self._move_and_edit, self._hide, self._redate, self._translate]
        return deeds + [self._break, self._delete] * file.collected

    def _write_new(self, site: Site, time: datetime, **said: str) -> File:
        name = f"p{len(self.oracle.posts):03}"
        date, published = self._date(site, time)
        tags = self.dice.sample(TAGS, self.dice.choice([0, 1, 1, 2]))
        language = site.language if self.dice.random() < 0.8 else "en"
        post = Post(
            name=name,
            site=site.name,
            work=said.get("work", f"w{name}"),
            language=said.get("language", language),
            published=published,
            tags=frozenset(tags),
            draft=self.dice.random() < 0.1,
        )
        slug = f"at-{name}" if self.dice.random() < 0.5 else ""
        path = said.get("path", f"{name}.md")
        file = File(post, site, path, date, slug=slug)
        self.files.append(file)
        self.oracle.posts[name] = post
        self._save(file)
        return file

    def _date(self, site: Site, time: datetime) -> tuple[str, datetime]:
        """Return a date as an author writes it, and what it means; no two the same."""
        form = self.dice.choice(["local", "local", "offset", "day"])
        local = time.astimezone(ZoneInfo(site.zone)).replace(second=0, microsecond=0)
        if form == "offset":
            offset = timezone(local.utcoffset() or timedelta())
            text, meant = local.isoformat(), local.astimezone(offset)
        elif form == "day":
            text, meant = f"{local:%Y-%m-%d}", local.replace(hour=0, minute=0, fold=0)
        else:
            text, meant = f"{local:%Y-%m-%d %H:%M}", local.replace(fold=0)
        if meant.astimezone(UTC) in self.dates:
            return self._date(site, time - timedelta(minutes=1))
        self.dates.add(meant.astimezone(UTC))
        return text, meant

    def _path(self, file: File) -> Path:
        return self.world.folder / file.site.folder / file.path

    def _save(self, file: File) -> None:
        path = self.world.write(f"{file.site.folder}/{file.path}", file.text())
        if not file.broken and file.text() != file.said:
            file.said = file.text()
            file.post.written = datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _edit(self, file: File) -> None:
        file.take += self.dice.randrange(2)
        file.words += 1
        self._save(file)

    def _retag(self, file: File) -> None:
        tags = self.dice.sample(TAGS, self.dice.choice([0, 1, 2]))
        file.post.tags, file.post.steady = frozenset(tags), False
        self._save(file)

    def _rename(self, file: File) -> None:
        """Move the file; it stays what it was, but for its address."""
        old = self._path(file)
        file.path = f"{self.dice.choice('abc')}/{file.post.name}-{file.take}.md"
        self._path(file).parent.mkdir(exist_ok=True)
        old.rename(self._path(file))

    def _readdress(self, file: File) -> None:
        file.slug = f"{file.post.name}-{self.dice.randrange(1_000)}"
        self._save(file)

    def _move_and_edit(self, file: File) -> None:
        """Move and edit in one go: the text stays, or the address does (0002)."""
        self._path(file).unlink()
        file.path = f"moved/{file.post.name}-{self.dice.randrange(1_000)}.md"
        file.take += 1
        file.words += bool(file.slug)
        self._save(file)

    def _hide(self, file: File) -> None:
        """Make a draft of a post, or a post of a draft."""
        file.post.draft, file.post.steady = not file.post.draft, False
        self._save(file)

    def _redate(self, file: File) -> None:
        hours = self.dice.choice([-100, -5, 3, 200])
        time = self.world.time - timedelta(hours=hours)
        file.date, file.post.published = self._date(file.site, time)
        file.post.steady = False
        self._save(file)

    def _translate(self, file: File) -> None:
        """Write the post once more, in a language that it is not there in yet."""
        spoken = {f.post.language for f in self.files if f.post.work == file.post.work}
        wanting = [language for language in LANGUAGES if language not in spoken]
        if wanting:
            self._write_new(
                file.site,
                self.world.time - timedelta(minutes=self.dice.randrange(60)),
                work=file.post.work,
                language=wanting[0],
            )

    def _break(self, file: File) -> None:
        """Spoil the file: its last good form stays (0017)."""
        file.broken = True
        self._save(file)

    def _mend(self, file: File) -> None:
        file.broken = False
        self._save(file)

    def _delete(self, file: File) -> None:
        self._path(file).unlink()
        file.gone, file.missed = True, None
        file.post.there = file.post.steady = False

    def _return(self, file: File) -> None:
        """Bring a post back where it was, edited perhaps (0024)."""
        file.words += self.dice.randrange(2)
        file.gone, file.post.there = False, True
        self._save(file)

    def _return_elsewhere(self, file: File) -> None:
        """Bring a post back, as it was, under another name."""
        file.path = f"back/{file.post.name}-{self.dice.randrange(1_000)}.md"
        file.gone, file.post.there = False, True
        self._save(file)

    def _succeed(self, file: File) -> None:
        """Write another post where one was long ago, which never comes back."""
        self.files.remove(file)
        self._write_new(file.site, self.world.time, path=file.path)
