# SPDX-License-Identifier: MIT
"""Sphinx configuration: `docker/run sphinx-build -W docs results/docs` makes the pages."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import reference  # noqa: E402

from solver import __version__  # noqa: E402

project = "dendrite"
copyright = "the dendrite authors"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
autodoc_member_order = "bysource"
napoleon_use_ivar = True  # attributes are listed, not documented twice
default_role = "code"  # of docstrings: `like this` is code, with its quotes as they are
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["paraview"]
# Indented blocks are commands, not Python.
highlight_language = "none"

html_theme = "furo"
html_title = "dendrite"
html_static_path = []


def setup(app):
    """Write the generated pages before the others are read."""
    app.connect("builder-inited", lambda _: reference.write(HERE / "reference"))
