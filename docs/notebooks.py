# SPDX-License-Identifier: MIT
"""Notebooks: executed and stored with their pictures, and shown as pages.

    docker/run python3 docs/notebooks.py    # runs docs/*.ipynb from top to bottom and stores them

The pages are written whenever the documentation is built, from what is stored.
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def execute(path: Path, folder: Path) -> dict:
    """Run a notebook from top to bottom in a folder.

    Args:
        path: The notebook.
        folder: Where its files go.

    Returns:
        The notebook with what its cells have left.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell fails.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(folder)}}, record_timing=False
    )
    client.execute()
    return notebook


def store(path: Path) -> None:
    """Run a notebook and write it back, without what belongs to this machine."""
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        notebook = execute(path, Path(folder))
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(notebook, path)


def page(path: Path, folder: Path) -> None:
    """Write a stored notebook as a page, with its pictures beside it.

    Args:
        path: The notebook.
        folder: Where `NAME.md` and `NAME_1.png`, ... go.
    """
    lines, pictures = [], 0
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            lines += [source, ""]
            continue
        lines += ["```python", source, "```", ""]
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/png" in data:
                pictures += 1
                name = f"{path.stem}_{pictures}.png"
                (folder / name).write_bytes(base64.b64decode("".join(data["image/png"])))
                lines += [f"![What the cell above draws]({name})", ""]
            else:
                text = "".join(data.get("text/plain", output.get("text", "")))
                lines += ["```text", text.rstrip("\n"), "```", ""]
    (folder / f"{path.stem}.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for found in sorted(HERE.glob("*.ipynb")):
        store(found)
        print(found)
