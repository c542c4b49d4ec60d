# SPDX-License-Identifier: MIT
"""The report of `check` for ion transport: what a config says and implies."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from solver.base.units import si_text
from solver.cell.geometry import cell_geometry
from solver.check import ions_limits
from solver.check.summary import Report, Row
from solver.input.ions_config import TransportConfig


def report(config: TransportConfig) -> Report:
    """Return the report of a valid config.

    Raises:
        InputError: The mesh would be too large.
    """
    values = tuple(config.to_yaml().splitlines()[1:])
    rows = tuple(Row(name, text) for name, text in _implied(config))
    return Report(config.title, values, rows, refusal=_refusal(config))


def _implied(config: TransportConfig) -> Iterator[tuple[str, str]]:
    yield "nodes", f"{cell_geometry(config).expected_nodes():,.0f}"
    for layer in config.layers:
        sigma = ions_limits.conductivity(config, layer)
        debye = si_text(ions_limits.debye_length(config, layer), "m")
        size = f"; mesh.size_min should be below it: {si_text(config.mesh.size_min, 'm')}"
        yield (
            f"layer {layer.name}",
            f"conductivity {sigma:.4g} S/m, Debye length {debye}"
            + (size if config.closure == "poisson" else ""),
        )
    yield "resistance at c0", f"{ions_limits.resistance(config):.4g} ohm m^2"
    yield "diffusion time", si_text(ions_limits.diffusion_time(config), "s")
    found = ions_limits.prescribed(config)
    if found is not None:
        yield "prescribed flux", f"{found.flux:.4g} mol/m^2/s"
        some = f"{found.limit:.4g} mol/m^2/s"
        none = "none: immobilised anions in every layer carry any flux"
        yield "limiting flux", some if isfinite(found.limit) else none


def _refusal(config: TransportConfig) -> str | None:
    found = ions_limits.prescribed(config)
    if config.time.mode == "steady" and found is not None and found.flux >= found.limit:
        return (
            f"boundary: the layers cannot carry the prescribed flux, {found.flux:.4g} mol/m^2/s: "
            f"their limiting flux is {found.limit:.4g} mol/m^2/s."
        )
    return None
