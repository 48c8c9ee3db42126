"""Notebooks as pages: run in a kernel that forgets between two of them, and written as Markdown with their outputs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TIMEOUT_S = 300
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@contextmanager
def kernel(folder: Path) -> Iterator[Any]:
    """A kernel in a folder, for several notebooks: libraries are loaded once."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), extra_arguments=["--log-level=ERROR"])
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)


def executed(path: Path, manager: Any) -> Any:
    """A notebook run from top to bottom, none of the names of an earlier one known. Raises where a cell fails."""
    import nbformat
    from nbclient import NotebookClient
    from nbformat import v4

    forget: Any = v4.new_notebook(cells=[v4.new_code_cell("%reset -f")])  # type: ignore[no-untyped-call]
    notebook: Any = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    for one in (forget, notebook):
        client: Any = NotebookClient(one, timeout=TIMEOUT_S, km=manager)
        try:
            client.execute()
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
    return notebook


def page_of(notebook: Any, path: Path, pictures: Path) -> str:
    """Markdown of a notebook that was run; its pictures are written into a folder beside the page."""
    out = []
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            out.append(cell.source)
            if at == 0:
                out.append(f"{{download}}`The notebook <{path.name}>`, without outputs.")
            continue
        out.append(f"```python\n{cell.source}\n```")
        out += [_output(o, pictures / f"{path.stem}-{at}-{k}.png") for k, o in enumerate(cell.outputs)]
    return "\n\n".join(part for part in out if part) + "\n"


def _output(output: Any, picture: Path) -> str:
    """One output: a picture before HTML before text."""
    if output.output_type == "stream":
        return _text(output.text, output.name) if output.name == "stdout" else ""
    data = output.get("data", {})
    if "image/png" in data:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(base64.b64decode(data["image/png"]))
        return f"![picture of the cell above]({picture.parent.name}/{picture.name})"
    if "text/html" in data:
        html = data["text/html"].replace("\n\n", "\n")
        return f'````{{raw}} html\n<div class="output-html">{html}</div>\n````'
    return _text(data.get("text/plain", ""), "result")


def _text(text: str, name: str) -> str:
    return f"```{{code-block}} text\n:class: output\n\n{ANSI.sub('', text).rstrip()}\n```" if text.strip() else ""
