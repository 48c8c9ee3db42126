"""What the gallery needs to know of the examples: where they write, and which pictures they wrote."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

OUT = "out"  # the folder that an example is told to write into, beside the examples
SHOWN = ".png"


def arguments(gallery_conf: Any, script_vars: Any) -> list[str]:
    """The arguments of an example: a folder of its own."""
    return [f"{OUT}/{Path(script_vars['src_file']).stem}"]


def pictures(block: Any, block_vars: Any, gallery_conf: Any) -> str:
    """The pictures that a block wrote since the last block, as reStructuredText."""
    from sphinx_gallery.scrapers import figure_rst

    source = Path(block_vars["src_file"])
    folder = source.parent / OUT / source.stem
    seen = block_vars.setdefault("northabout_pictures", set())
    made = []
    for path in sorted(folder.glob(f"*{SHOWN}"), key=lambda p: (p.stat().st_mtime_ns, p.name)):
        if path.name not in seen:
            seen.add(path.name)
            target = next(block_vars["image_path_iterator"])
            shutil.copyfile(path, target)
            made.append((target, path.stem))
    return "\n".join(figure_rst([target], gallery_conf["src_dir"], alt) for target, alt in made)


def undated(folder: Path) -> None:
    """Write the archives of a folder again without the time of the build: the same files, the same bytes."""
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            held = {name: archive.read(name) for name in sorted(archive.namelist())}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in held.items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
