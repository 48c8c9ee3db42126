"""What is checked of the pages that were made: nothing is fetched from elsewhere, and addresses have a right form."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

FETCHED = {
    "script": ("src",), "link": ("href",), "img": ("src", "srcset"), "iframe": ("src",), "source": ("src", "srcset"),
    "video": ("src", "poster"), "audio": ("src",), "object": ("data",), "embed": ("src",), "image": ("href",),
}  # fmt: skip
LINKS_THAT_LOAD = (
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
    "modulepreload",
)
IN_CSS = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)|@import\s+['\"]((?:https?:)?//[^'\"]+)")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


class _Page(HTMLParser):
    """Collects what a page fetches, where it leads, and what may be led to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        self.fetched += [m[0] or m[1] for m in IN_CSS.findall(given.get("style", ""))]
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        loads = tag != "link" or any(word in LINKS_THAT_LOAD for word in given.get("rel", "").split())
        self.fetched += [given[name] for name in FETCHED.get(tag, ()) if name in given and loads]


def faults(html: Path) -> list[str]:
    """What is wrong in a folder of pages, a sentence each."""
    pages = {path: _read(path) for path in sorted(html.rglob("*.html"))}
    out = []
    for path, page in pages.items():
        name = path.relative_to(html).as_posix()
        out += [f"{name}: fetches {a}" for a in page.fetched if urlsplit(a).netloc or a.startswith("//")]
        for link in dict.fromkeys(page.links):
            out += [f"{name}: {said}" for said in _link_faults(link, path, pages)]
    for path in sorted(html.rglob("*.css")):
        found = IN_CSS.findall(path.read_text(encoding="utf-8"))
        out += [f"{path.relative_to(html).as_posix()}: fetches {a or b}" for a, b in found]
    return out


def external_links(html: Path) -> dict[str, list[str]]:
    """Addresses outside the site, each with the pages that have it."""
    out: dict[str, list[str]] = {}
    for path in sorted(html.rglob("*.html")):
        for link in dict.fromkeys(_read(path).links):
            if urlsplit(link).scheme in ("http", "https"):
                out.setdefault(link, []).append(path.relative_to(html).as_posix())
    return out


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _link_faults(link: str, path: Path, pages: dict[Path, _Page]) -> list[str]:
    """What is wrong with a link: an address without a right form, a page or an anchor that is not there."""
    parts = urlsplit(link)
    if parts.scheme in ("http", "https"):
        right = HOST.fullmatch(parts.hostname or "") and not re.search(r"\s", link)
        return [] if right else [f"'{link}' is no address"]
    if parts.scheme or parts.netloc:
        return [] if parts.scheme == "mailto" else [f"'{link}' is of an unknown kind"]
    target = (path.parent / parts.path).resolve() if parts.path else path.resolve()
    if not target.is_file():
        return [f"'{link}' leads nowhere"]
    page = pages.get(target)
    missing = page is not None and parts.fragment and parts.fragment not in page.anchors
    return [f"'{link}' has no such anchor"] if missing else []
