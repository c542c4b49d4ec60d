"""The notebook tutorial: it runs, and what it shows is what it does."""

from __future__ import annotations

import re

import nbformat
import pytest

from docs import notebooks
from tests.system.running import ROOT

NOTEBOOKS = sorted((ROOT / "docs").glob("*.ipynb"))
NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?")
pytestmark = pytest.mark.slow


def shown(notebook) -> list[tuple[str, list[str]]]:
    """Source and outputs of every cell of code; pictures as a word."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            data = [output.get("data", output) for output in cell.outputs]
            texts = ["picture" if "image/png" in d else _text(d) for d in data]
            found.append((cell.source, texts))
    return found


def _text(data) -> str:
    return data.get("text/plain", data.get("text", ""))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_what_is_stored_was_run_from_top_to_bottom(path):
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [o for cell in cells for o in cell.outputs if o.output_type == "error"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_runs_and_shows_what_is_stored(path, tmp_path):
    stored, again = (
        shown(nb) for nb in (nbformat.read(path, as_version=4), notebooks.execute(path, tmp_path))
    )
    for (source, old), (same, new) in zip(stored, again, strict=True):
        assert source == same and len(old) == len(new), source
        for before, now in zip(old, new, strict=True):
            assert NUMBER.sub("#", before).split() == NUMBER.sub("#", now).split(), source
            pairs = zip(NUMBER.findall(before), NUMBER.findall(now), strict=True)
            for a, b in pairs:
                # What is zero up to round-off differs from library to library.
                assert float(b) == pytest.approx(float(a), rel=2e-3, abs=1e-9), source


def test_a_page_has_all_cells_and_pictures(tmp_path):
    (path,) = NOTEBOOKS
    notebooks.page(path, tmp_path)
    text = (tmp_path / "tutorial_python.md").read_text(encoding="utf-8")
    for source, outputs in shown(nbformat.read(path, as_version=4)):
        assert source in text
        assert all(output.rstrip("\n") in text for output in outputs if output != "picture")
    pictures = re.findall(r"!\[[^]]+\]\((\S+)\)", text)
    assert len(pictures) == 2
    for name in pictures:
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
