# SPDX-License-Identifier: MIT
"""Field snapshots of a run as one series, the same files from any number of ranks."""

from __future__ import annotations

import weakref
from pathlib import Path

from solver.base.errors import InputError, SolverError
from solver.base.parallel import on_root
from solver.output import chunks, light, vtkhdf
from solver.output.shown import Shown
from solver.output.store import Store
from solver.output.vtkhdf_store import VtkHdfStore
from solver.output.xdmf import XdmfStore

STORES = {"xdmf": (XdmfStore,), "vtkhdf": (VtkHdfStore,), "both": (VtkHdfStore, XdmfStore)}
"""What writes the series, by `output.format`."""
FILES = {XdmfStore: light.SERIES, VtkHdfStore: vtkhdf.SERIES}


class FieldSeries:
    """Writes what is shown of a model into a run folder.

    The constructor and all methods are collective: every rank of the mesh calls them, and all
    raise the same errors.
    """

    def __init__(self, folder: Path, shown: Shown, form: str = "xdmf"):
        """Start a new series; the folder's old one, if any, is removed.

        Args:
            folder: The run folder.
            shown: What will be written.
            form: Key of `STORES`.

        Raises:
            InputError: The folder cannot be written.
        """
        self._open(folder, shown, form, keep_until=None)

    @classmethod
    def resume(cls, folder: Path, shown: Shown, t: float, form: str = "xdmf") -> FieldSeries:
        """Go on with the series of a folder after a restart at time t [s].

        Snapshots later than t are removed. In a folder without a series a new one starts. One of
        another format is what `require_format` refuses.

        Raises:
            InputError: The old series cannot be read or the folder cannot be written.
        """
        series = cls.__new__(cls)
        series._open(folder, shown, form, keep_until=t)
        return series

    def _open(self, folder: Path, shown: Shown, form: str, keep_until: float | None) -> None:
        self._comm, self._count = shown.comm, len(STORES[form])
        self._stores: list[Store] = []  # on rank 0 only
        self._last: weakref.ref[Shown] | None = None  # a series keeps no model alive
        self._identity: str | None = None  # on rank 0 only

        def prepare() -> None:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._stores = [store(folder, keep_until) for store in STORES[form]]

        on_root(self._comm, prepare, InputError)

    def write(self, shown: Shown, t: float) -> None:
        """Add a snapshot of the present state at time t [s]; one of the same time is replaced.

        The mesh is written if it is another than that of the last snapshot.

        Raises:
            SolverError: A file cannot be written; earlier snapshots are intact.
        """
        mesh = []
        if self._last is None or shown is not self._last():
            mesh = shown.mesh()
            self._identity = chunks.identity(mesh, self._comm)
        fields = shown.fields()
        for number in range(self._count):
            known = self._stores and self._stores[number].identity == self._identity
            written = [] if self._comm.bcast(known) else mesh

            def add(number: int = number, written: list = written) -> None:
                store = self._stores[number]
                store.add(float(t), shown.attributes, written, self._identity, fields)

            chunks.carried(self._comm, [*written, *fields], add)
        self._last = weakref.ref(shown)

    def close(self) -> None:
        """Leave nothing but the series."""
        on_root(self._comm, lambda: [store.close() for store in self._stores], SolverError)


def require_format(folder: Path, form: str) -> None:
    """Refuse to go on with the series of a run folder in another format.

    Raises:
        InputError: It has one.
    """
    there = [store for store, name in FILES.items() if (folder / name).exists()]
    if there and set(there) != set(STORES[form]):
        names = " and ".join(sorted(FILES[store] for store in there))
        raise InputError(
            f"output.format: {form}: the fields of this run are in {names}; a run goes on in the "
            "format that it has."
        )
