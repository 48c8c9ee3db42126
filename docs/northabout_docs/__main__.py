"""Build the site: `python docs/northabout_docs [--out DIR] [--jobs N] [--links]`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(DOCS), str(DOCS.parent)]


def main() -> int:
    """Stage, build, check; 1 where Sphinx warns or a check fails."""
    parser = argparse.ArgumentParser(description="Build the documentation site.")
    parser.add_argument("--out", type=Path, default=DOCS.parent / "build" / "docs", help="folder of the build")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="commands that run at a time")
    parser.add_argument("--links", action="store_true", help="also ask every address outside: needs a network")
    given = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PYTHONPATH"] = str(DOCS.parent)
    from northabout_docs.checks import external_links, faults
    from northabout_docs.gallery import undated
    from northabout_docs.stage import Folders, stage

    began = time.monotonic()
    folders = Folders(given.out.resolve())
    stage(folders, given.jobs)
    staged = time.monotonic()
    shutil.rmtree(folders.html, ignore_errors=True)
    builder = "linkcheck" if given.links else "html"
    target = folders.out / builder
    status = _sphinx(folders.source, target, folders.out / "doctrees", builder)
    undated(target)
    found = faults(folders.html) if builder == "html" else []
    for fault in found:
        print(fault, file=sys.stderr)
    if builder == "html":
        outside = len(external_links(folders.html))
        print(f"{len(list(target.rglob('*.html')))} pages; {outside} addresses outside, checked by their form only")
    ended = time.monotonic()
    print(f"{target}: {ended - began:.0f} s, of which Sphinx {ended - staged:.0f} s")
    return 1 if status or found else 0


def _sphinx(source: Path, target: Path, doctrees: Path, builder: str) -> int:
    from sphinx.cmd.build import build_main

    shutil.rmtree(doctrees, ignore_errors=True)
    words = ["-b", builder, "-c", str(DOCS), "-d", str(doctrees), "-W", "--keep-going", "-q", str(source), str(target)]
    return int(build_main(words))


if __name__ == "__main__":
    sys.exit(main())
