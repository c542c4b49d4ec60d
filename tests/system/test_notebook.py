"""The notebook: it runs from top to bottom, and shows what its code shows."""

import base64
import json
import re

import pytest

from docs import notebooks
from tests.system.running import ROOT

NOTEBOOK = ROOT / "docs/tutorial_python.ipynb"
NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?")
AFTERWARDS = """\
from pytest import approx
first, second = (r.scalars for r in (run, fast))
assert run.finished and fast.finished
assert [d.key for d in comparison.config] == ["layers.0.D"]
# Li+ is conserved, and the integral of xi is linear in its values at the nodes.
assert max(abs(first["li_balance_rel"])) < 1e-9
assert deposit == approx(first["area_um2"].iloc[-1], rel=1e-6)
# Transport limits: at equal heights the time goes as 1/D, as far as the field allows.
last = comparison.heights.iloc[-1]
assert 1.5 < last["first_s"] / last["second_s"] < 2
# phi falls by 0.10 V, harmonic functions have their extremes on the boundary.
assert (fields["phi"].min(), fields["phi"].max()) == approx((-0.1, 0), abs=1e-7)
# c is held at c0 at the counter electrode.
assert line["c"][-1] == approx(1000, rel=1e-6)
"""


@pytest.fixture(scope="module")
def stored():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


def code(book) -> list[dict]:
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def shown(cell) -> str:
    """Text that a cell shows; that of a picture or a run's own object names no number."""
    outputs = [o for o in cell["outputs"] if "image/png" not in o.get("data", {})]
    return "".join("".join(o.get("text") or o["data"]["text/plain"]) for o in outputs)


def pictures(cell) -> list[bytes]:
    found = (o.get("data", {}).get("image/png") for o in cell["outputs"])
    return [base64.b64decode("".join(png)) for png in found if png]


@pytest.mark.slow
def test_it_runs_and_shows_what_is_stored(stored, tmp_path):
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    fresh = notebooks.run(NOTEBOOK, tmp_path, AFTERWARDS)
    assert (tmp_path / "results/first/scalars.csv").is_file()
    for kept, made in zip(code(stored), code(fresh), strict=True):
        assert "".join(kept["source"]) == made["source"]
        assert NUMBER.sub("#", shown(kept)) == NUMBER.sub("#", shown(made))
        numbers = [[float(n) for n in NUMBER.findall(shown(cell))] for cell in (kept, made)]
        assert numbers[0] == pytest.approx(numbers[1], rel=0.01)
        assert len(pictures(kept)) == len(pictures(made))


def test_the_stored_outputs_are_of_one_run_without_errors(stored):
    cells = code(stored)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
    assert kinds <= {"execute_result", "display_data", "stream"}
    assert "stderr" not in {o.get("name") for cell in cells for o in cell["outputs"]}
    for cell in cells:
        source = "".join(cell["source"])
        drawn = source.count("plt.show()") + source.count(".plot([")
        assert len(pictures(cell)) == drawn
        assert all(png.startswith(b"\x89PNG") for png in pictures(cell))


def test_its_page_has_all_code_and_all_pictures(stored):
    text, files = notebooks.page(stored, "tutorial_python")
    for cell in stored["cells"]:
        assert "".join(cell["source"]) in text
    assert list(files.values()) == [png for cell in code(stored) for png in pictures(cell)]
    assert all(f"]({name})" in text for name in files)
