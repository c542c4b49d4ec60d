# SPDX-License-Identifier: MIT
"""The notebooks: run with their pictures stored, and turned into pages.

`DENDRITE_ENV=root docker/run python3 docs/notebooks.py` runs every notebook of this folder again
and stores what it shows. The pages are written with the reference, from what is stored.
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(notebook: Path, folder: Path, after: str = "") -> dict:
    """Run a notebook from top to bottom and return it with its outputs.

    Args:
        notebook: The notebook, which is not changed.
        folder: Where its code runs.
        after: Code that runs after the last cell, in a cell that is left out of what is returned.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell raised an error.
    """
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(notebook, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(after))
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    book.cells.pop()
    for cell in book.cells:
        cell.metadata.pop("execution", None)  # times, which differ from run to run
    return book


def store(notebook: Path) -> None:
    """Run a notebook in a folder of its own and keep its outputs in its file."""
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        book = run(notebook, Path(folder))
    # The version of the interpreter and of the editor are no part of the notebook.
    book.metadata.language_info = {"name": "python"}
    nbformat.write(book, notebook)


def write(folder: Path) -> None:
    """Write a Markdown page of every notebook, with its pictures beside it."""
    for notebook in sorted(HERE.glob("*.ipynb")):
        text, pictures = page(json.loads(notebook.read_text(encoding="utf-8")), notebook.stem)
        (folder / f"{notebook.stem}.md").write_text(text, encoding="utf-8")
        for name, content in pictures.items():
            (folder / name).write_bytes(content)


def page(book: dict, stem: str) -> tuple[str, dict[str, bytes]]:
    """Turn a notebook into Markdown.

    Args:
        book: The notebook, format 4.
        stem: What its page is called.

    Returns:
        The text, and the pictures by their file names.
    """
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/png" in data:
                name = f"{stem}_{len(pictures) + 1}.png"
                pictures[name] = base64.b64decode("".join(data["image/png"]))
                parts.append(f"![What the code above draws]({name})")
            else:
                shown = "".join(output.get("text") or data["text/plain"])
                parts.append(f"```text\n{shown.rstrip()}\n```")
    link = f"This page is the notebook [{stem}.ipynb](../{stem}.ipynb)."
    return "\n\n".join([parts[0], link, *parts[1:]]) + "\n", pictures


if __name__ == "__main__":
    for each in sorted(HERE.glob("*.ipynb")):
        store(each)
