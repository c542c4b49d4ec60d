# SPDX-License-Identifier: MIT
"""What a field series has in common whatever file it is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from solver.output.chunks import Column
from solver.output.light import Attribute


class Store(Protocol):
    """Writes the snapshots of a run folder. On rank 0.

    Attributes:
        identity: Checksum of the last mesh; None before there is one.
    """

    identity: str | None

    def add(
        self,
        t: float,
        attributes: tuple[Attribute, ...],
        mesh: Sequence[Column],
        identity: str,
        fields: Sequence[Column],
    ) -> None:
        """Add a snapshot; one of the same time is replaced.

        Args:
            t: Time [s].
            attributes: Its fields, but for the layers.
            mesh: Nodes, triangles and layers; empty: those of the last snapshot.
            identity: Checksum of the mesh.
            fields: The values, in the order of `attributes`.

        Raises:
            OSError: A file cannot be written; earlier snapshots are intact.
        """

    def close(self) -> None:
        """Leave nothing but the series."""
