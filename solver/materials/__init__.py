# SPDX-License-Identifier: MIT
"""Materials by name, one module per source; configs take them with the key `material`."""

from __future__ import annotations

from solver.materials import alucone, chen2025, guo, jangid, lithium, zhang2024
from solver.materials.records import Material

SOURCES = (chen2025, zhang2024, alucone, guo, jangid, lithium)

MATERIALS: dict[str, Material] = {m.name: m for source in SOURCES for m in source.MATERIALS}
"""All materials, by the name that configs use."""
