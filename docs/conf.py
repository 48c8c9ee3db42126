"""Sphinx: how the site is made of the folder that `northabout_docs` fills. Run by `make docs`, not by itself."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

from sim import __version__  # noqa: E402

warnings.filterwarnings("ignore")  # of the libraries, while examples run

project = "northabout"
author = "the authors of northabout"
project_copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["**/*.ipynb"]
default_role = "code"
smartquotes = False

# -- Markdown
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

# -- Python
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 100

# -- pages
html_theme = "furo"
html_title = f"northabout {__version__}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_last_updated_fmt = None
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
pygments_style = "tango"
pygments_dark_style = "monokai"
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_exclude = ".linenos, .gp"

# -- the gallery
sphinx_gallery_conf: dict[str, Any] = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/\d\d_",
    "image_scrapers": ("northabout_docs.gallery.pictures",),
    "reset_modules": (),
    "reset_argv": "northabout_docs.gallery.arguments",
    "capture_repr": ("_repr_html_", "__repr__"),
    "download_all_examples": False,
    "notebook_extensions": set(),  # a script takes its folder from the command line, which a notebook has not
    "show_signature": False,
    "write_computation_times": False,
    "min_reported_time": 1e9,
    "show_memory": False,
    "abort_on_example_error": True,
    "plot_gallery": True,
    "within_subsection_order": "FileNameSortKey",
    "default_thumb_file": str(DOCS / "static" / "thumb.png"),
    "remove_config_comments": True,
    "inspect_global_variables": False,
}


def setup(app: Any) -> None:
    """Blocks of CSV are shown as they are: Pygments knows no such language."""
    from pygments.lexers.special import TextLexer

    app.add_lexer("csv", TextLexer)
