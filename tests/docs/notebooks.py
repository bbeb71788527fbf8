"""The notebooks in examples/, run; `python -m tests.docs.notebooks` stores what they show."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples").glob("*.ipynb"))


def executed(notebook: Any) -> Any:
    """Return a notebook with its outputs, run from the first cell to the last in a folder of its own."""
    from nbclient import NotebookClient

    with TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": folder}})
        return client.execute()


def texts(notebook: Any) -> Iterator[str]:
    """Yield what the cells show, pictures as the word."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            yield "image" if "image/png" in data else "".join(data.get("text/plain", output.get("text", "")))


if __name__ == "__main__":
    for path in NOTEBOOKS:
        notebook = executed(nbformat.read(path, as_version=4))
        notebook.metadata = {name: notebook.metadata[name] for name in ("kernelspec",)}
        nbformat.write(notebook, path)
