"""Shows every formula of a list in each of its forms, to be judged by eye.

    python docs/contact_sheet.py formulas.json    writes docs/pictures/formulas.png

The list is JSON: objects with `id`, `tex` and `display`, and `name` where it is
`physics`, a formula that needs this package. All others are typeset as one post, so
that one may refer to the number of another. Needs Chromium.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image as Pictures
from PIL import ImageChops

from pipeline.math.engine import Engine
from pipeline.math.image import Font, draw
from pipeline.math.layout import Failure, Layout, Options, Tex
from pipeline.math.linear import linearise
from pipeline.math.mathml import core_mathml
from pipeline.math.palette import encode_png
from pipeline.math.simple import as_html
from pipeline.runs.sites.fonts import find_font

SHEET = Path(__file__).parent / "pictures" / "formulas.png"
WIDTH_PX = 1600
HEIGHT_PX = 12_000

CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--hide-scrollbars"),
    f"--window-size={WIDTH_PX},{HEIGHT_PX}",
)

PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; font: 16px/1.5 sans-serif; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
td, th { padding: 5px 10px; border-bottom: 1px solid #ddd; text-align: left; }
.id { width: 32px; color: #666; font-size: 13px; }
.tex { width: 320px; } .text { width: 280px; }
pre { margin: 0; font: 12px/1.35 monospace; white-space: pre-wrap; color: #444;
  word-break: break-all; display: -webkit-box; overflow: hidden;
  -webkit-box-orient: vertical; -webkit-line-clamp: 4; }
img { max-width: 100%; height: auto; }
math { font: 110% "STIX Two Math", "Latin Modern Math", "DejaVu Math TeX Gyre", math; }
.fault { color: #b00; }
</style><table><tr><th class="id"><th class="tex">TeX<th>image<th>MathML
<th class="text">text, as HTML or one line</tr>ROWS</table><script>
for (const math of document.querySelectorAll('math')) {
  const room = math.closest('td').clientWidth - 20, width = math.scrollWidth;
  if (width > room) math.style.zoom = room / width;
}
</script>"""

Entry = Mapping[str, str | bool]


def contact_sheet(entries: Sequence[Entry], font: Font | None) -> str:
    """Return the sheet as a page of HTML, a row for each formula."""
    plain = [entry for entry in entries if entry.get("name") != "physics"]
    special = [entry for entry in entries if entry.get("name") == "physics"]
    results = dict(_typeset(plain, Options()))
    results |= _typeset(special, Options(physics=True))
    rows = "".join(_row(entry, results[entry["id"]], font) for entry in entries)
    return PAGE.replace("ROWS", rows)


def _typeset(
    entries: Sequence[Entry], options: Options
) -> Iterator[tuple[str | bool, Layout | Failure]]:
    formulas = [Tex(str(entry["tex"]), bool(entry["display"])) for entry in entries]
    results = Engine(options).typeset(formulas)
    yield from zip((entry["id"] for entry in entries), results, strict=True)


def _row(entry: Entry, result: Layout | Failure, font: Font | None) -> str:
    head = f'<td class="id">{entry["id"]}<td><pre>{escape(str(entry["tex"]))}</pre>'
    if isinstance(result, Failure):
        return f'<tr>{head}<td class="fault" colspan="3">{escape(result.message)}'
    image = _image(result, font, display=bool(entry["display"]))
    text = as_html(result.mathml) or escape(linearise(result.mathml))
    return f"<tr>{head}<td>{image}<td>{core_mathml(result.mathml)}<td>{text}"


def _image(layout: Layout, font: Font | None, *, display: bool) -> str:
    image = draw(layout.svg, font, display=display)
    return (
        f'<img src="data:image/png;base64,{b64encode(image.png).decode()}"'
        f' width="{image.width}" height="{image.height}"'
        f' style="vertical-align:-{image.depth}px"> {layout.number}'
    )


def photograph(page: str, path: Path) -> None:
    """Write what Chromium shows of a page as a PNG, cut where its ground begins."""
    with TemporaryDirectory() as scratch:
        source, shot = Path(scratch, "sheet.html"), Path(scratch, "sheet.png")
        source.write_text(page, encoding="utf-8")
        command = (*CHROMIUM, f"--user-data-dir={scratch}/profile")
        subprocess.run(
            (*command, f"--screenshot={shot}", source.as_uri()),
            check=True,
            capture_output=True,
        )
        picture = Pictures.open(shot).convert("RGB")
    ground = Pictures.new("RGB", picture.size, "white")
    _, _, _, bottom = ImageChops.difference(picture, ground).getbbox() or (0, 0, 0, 1)
    path.write_bytes(encode_png(picture.crop((0, 0, WIDTH_PX, bottom))))


if __name__ == "__main__":
    formulas = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    photograph(contact_sheet(formulas, find_font(None)), SHEET)
