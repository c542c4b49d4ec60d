# SPDX-License-Identifier: MIT
"""The report of `check` for ion transport: what a config says and implies."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from solver.base.units import si_text
from solver.cell.geometry import cell_geometry
from solver.check import ions_limits, ranges, temperature
from solver.check.summary import Report, Row
from solver.input.ions_config import TransportConfig
from solver.input.ions_sections import Layer, Time


def report(config: TransportConfig) -> Report:
    """Return the report of a valid config.

    Raises:
        InputError: The mesh would be too large.
    """
    values = tuple(config.to_yaml().splitlines()[1:])
    rows = tuple(Row(name, text) for name, text in _implied(config))
    said = tuple(_judgements(config))
    return Report(config.title, values, rows, judgements=said, refusal=_refusal(config))


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
        yield from _closed(config, layer)
    yield "resistance at c0", f"{ions_limits.resistance(config):.4g} ohm m^2"
    yield "diffusion time", si_text(ions_limits.diffusion_time(config), "s")
    found, b = ions_limits.prescribed(config), config.boundary
    if found is not None:
        yield "prescribed flux", f"{found.flux:.4g} mol/m^2/s"
        some = f"{found.limit:.4g} mol/m^2/s"
        none = "none: immobilised anions in every layer carry any flux"
        yield "limiting flux", some if isfinite(found.limit) else none
    elif any(e.current or any(e.flux.values()) for e in (b.anode, b.counter)):
        yield "limiting flux", "not known beforehand of other ions than a cation and an anion"


def _closed(config: TransportConfig, layer: Layer) -> Iterator[tuple[str, str]]:
    """What Nernst and Einstein make of the values of a layer."""
    salt = ions_limits.salt_diffusivity(config, layer)
    text = "" if salt is None else f"salt diffusivity {salt:.4g} m^2/s"
    if _guessed(layer):
        D = ", ".join(f"{name} {value:.4g} m^2/s" for name, value in layer.D.items())
        text = f"D of {D}" + (f"; {text}" if text else "")
        text += ", from sigma_ion and t_plus"
    if text:
        yield f"layer {layer.name}, ideal", f"{text}, as in a dilute ideal solution"


def _judgements(config: TransportConfig) -> Iterator[str]:
    yield from temperature.cold(config.constants.T)
    for key, known in ranges.CONSTANTS.items():
        yield from ranges.judged(f"constants.{key}", getattr(config.constants, key), known)
    for i, layer in enumerate(config.layers):
        for name, D in layer.D.items():
            yield from ranges.judged(f"layers.{i}.D.{name}", D, ranges.OF_IONS)
        # Of others there may be traces.
        most = max(layer.c0, key=layer.c0.get)
        yield from ranges.judged(f"layers.{i}.c0.{most}", layer.c0[most], ranges.OF_LAYER["c0"])
        if layer.sigma_ion is not None:
            known = ranges.OF_LAYER["sigma_ion"]
            yield from ranges.judged(f"layers.{i}.sigma_ion", layer.sigma_ion, known)
    if config.time.mode == "steady" and config.time.end != Time.model_fields["end"].default:
        yield (
            f"time.end {si_text(config.time.end, 's')} does nothing here: time.mode: steady goes "
            "on until nothing changes; transient ends there."
        )
    layers = [f"layers.{i}" for i, layer in enumerate(config.layers) if _guessed(layer)]
    if layers:
        yield (
            f"D in {', '.join(layers)} follows from sigma_ion and t_plus by Nernst and Einstein, "
            "as in a dilute ideal solution; a measured D of a salt may be twice that or half, and "
            "the limiting flux goes with it: give D if it is known."
        )


def _guessed(layer: Layer) -> bool:
    return layer.sigma_ion is not None and "D" not in layer.model_fields_set


def _refusal(config: TransportConfig) -> str | None:
    found = ions_limits.prescribed(config)
    if config.time.mode == "steady" and found is not None and found.flux >= found.limit:
        return (
            f"boundary: the layers cannot carry the prescribed flux, {found.flux:.4g} mol/m^2/s: "
            f"their limiting flux is {found.limit:.4g} mol/m^2/s."
        )
    return None
