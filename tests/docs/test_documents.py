"""What holds for every document: links lead somewhere, nothing is of one machine."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.docs.documents import ROOT, document, prose

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("outbox/*.md"),
    )
)
DECISIONS = sorted(path for path in DOCUMENTS if re.match(r"docs/decisions/\d", path))
LINK = re.compile(
    r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|src=\"([^\"]+)\""
)
OF_ONE_MACHINE = re.compile(r"/(?:work|home|root|tmp|Users|var/folders)/|pypi\.org")


def anchors(text: str) -> set[str]:
    """Return the names that headings get, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def without_code(text: str) -> str:
    """Return a document without its code, in blocks and in lines."""
    return re.sub("`[^`]+`", "", prose(text))


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_link_leads_somewhere(path: str) -> None:
    text = document(path)
    targets = ["".join(groups) for groups in LINK.findall(without_code(text))]
    for target in (t for t in targets if not re.match(r"https?:|mailto:", t)):
        name, _, anchor = target.partition("#")
        there = (ROOT / path).parent / name if name else ROOT / path
        assert there.exists(), f"{path} links to {target}"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), target


@pytest.mark.parametrize("path", DOCUMENTS)
def test_no_document_speaks_of_one_machine(path: str) -> None:
    assert OF_ONE_MACHINE.findall(document(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_one_piece(path: str) -> None:
    text = document(path)
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text.count("\n```") % 2 == 0


@pytest.mark.parametrize("path", DECISIONS)
def test_a_decision_has_its_parts(path: str) -> None:
    text = document(path)
    number = int(re.findall(r"/(\d{4})-", path)[0])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Status: \w+, \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_and_listed() -> None:
    listed = re.findall(
        r"^- \[(\d{4})\]\((\1-.+\.md)\) (.+)$",
        document("docs/decisions/README.md"),
        re.MULTILINE,
    )
    assert [f"docs/decisions/{name}" for _, name, _ in listed] == DECISIONS
    assert [int(number) for number, _, _ in listed] == [*range(1, len(DECISIONS) + 1)]
    for _, name, title in listed:
        assert (
            document(f"docs/decisions/{name}").partition("\n")[0].endswith(f". {title}")
        )


def test_the_changelog_tells_of_this_version() -> None:
    version = tomllib.loads(document("pyproject.toml"))["project"]["version"]
    assert re.search(
        rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$",
        document("CHANGELOG.md"),
        re.MULTILINE,
    )
