# SPDX-License-Identifier: MIT
"""The groups of a config as lines to read: name, formula, value, one sentence of meaning."""

from __future__ import annotations

from solver.check import cracks, electrons, flow, wall
from solver.check.cell import cell
from solver.check.cell_lines import of_cell
from solver.check.groups import Groups
from solver.check.interface_lines import energy_meant, of_interface, tail
from solver.check.line import Line
from solver.check.printed_lines import of_printed
from solver.input.config import Config


def lines(config: Config, g: Groups) -> list[Line]:
    """Describe all groups of a config in the order in which they matter."""
    interface = of_interface(config, g)
    solid = (*flow.lines(config, g), *wall.lines(config), *cracks.lines(config))
    if not config.is_cell:
        return [*interface, *of_printed(config, g), *solid]
    its = cell(config)
    own = (*of_cell(its), *electrons.lines(config, its), tail(g), energy_meant(g))
    return [*interface, *own, *solid]
