"""Makes the documentation site: `python docs/northabout_docs`, or `make docs`.

The Markdown pages of `docs` are copied to a folder under `build/`; what the program prints, the references and the
notebooks are made there, and Sphinx makes HTML of it. Nothing is written into `docs`.
"""
