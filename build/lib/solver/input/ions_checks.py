# SPDX-License-Identifier: MIT
"""What must hold between the values of a transport config; each complaint is one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from solver.base.units import si_text
from solver.input.ions_sections import Layer, StackConfig

NEUTRAL = 1e-6
"""Largest net charge of a layer at the start, relative to that of its ions."""
ELECTRODES = ("anode", "counter")
LARGEST_POTENTIAL = 2.0
"""Beyond it [V] exponentials of F phi/RT leave the range of numbers."""


def problems(config: StackConfig) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    names = list(_names(config))
    if names:  # the rest would only follow from it
        yield from names
        return
    for i, layer in enumerate(config.layers):
        yield from _layer(config, f"layers.{i}", layer)
    for side in ELECTRODES:
        yield from _electrode(config, side)
    yield from _together(config)
    yield from _sizes(config)


def _names(config: StackConfig) -> Iterator[str]:
    for key, things in (("species", config.species), ("layers", config.layers)):
        names = [x.name for x in things]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            yield f"{key}: names must differ, but '{repeated[0]}' is used more than once"
    reserved = {"anode", "counter", "left", "right"}.intersection(x.name for x in config.layers)
    if reserved:
        yield f"layers: '{min(reserved)}' is the name of a side; give the layer another name"
    for i, s in enumerate(config.species):
        if s.charge == 0:
            yield f"species.{i}.charge: 0 must be a charge number other than 0"


def _layer(config: StackConfig, key: str, layer: Layer) -> Iterator[str]:
    names = [s.name for s in config.species]
    tables = {"c0": layer.c0} if layer.D is None else {"c0": layer.c0, "D": layer.D}
    complete = True
    for table, values in tables.items():
        if set(values) != set(names):
            complete = False
            yield f"{key}.{table}: must name every species and no other: {', '.join(names)}"
    if complete:
        yield from _neutral(config, key, layer)
    if layer.D is None:
        yield from _splittable(config, key, layer)
    if config.closure == "poisson" and layer.epsilon_r == 0:
        yield f"{key}.epsilon_r: 0 must be greater than 0 for closure: poisson"


def _neutral(config: StackConfig, key: str, layer: Layer) -> Iterator[str]:
    charges = [s.charge * layer.c0[s.name] for s in config.species]
    net = sum(charges) - layer.c_im
    if abs(net) > NEUTRAL * (sum(map(abs, charges)) + layer.c_im):
        yield (
            f"{key}.c0: must be electrically neutral together with c_im, but the charges add up to "
            f"{net:.6g} mol/m^3"
        )


def _splittable(config: StackConfig, key: str, layer: Layer) -> Iterator[str]:
    signs = [s.charge > 0 for s in config.species]
    if layer.sigma_ion is None or layer.t_plus is None:
        yield f"{key}.D: must be given, or sigma_ion and t_plus, or a material that has both"
    elif signs.count(True) != 1 or len(signs) > 2:
        yield f"{key}.D: must be given, because sigma_ion splits into one cation and one anion only"
    elif (layer.t_plus == 1) != (len(signs) == 1):
        yield (
            f"{key}.t_plus: {layer.t_plus:g} must be 1 for a cation alone and less with an anion; "
            "an anion that does not move belongs into c_im"
        )


def _electrode(config: StackConfig, side: str) -> Iterator[str]:
    electrode, key = getattr(config.boundary, side), f"boundary.{side}"
    names = [s.name for s in config.species]
    for table in ("flux", "c"):
        for name in getattr(electrode, table):
            if name not in names:
                yield f"{key}.{table}: '{name}' is no species; known: {', '.join(names)}"
    for name in sorted(set(electrode.flux) & set(electrode.c)):
        yield f"{key}: flux and c of {name} are both given; only one can be prescribed"
    if electrode.phi is not None and abs(electrode.phi) > LARGEST_POTENTIAL:
        yield f"{key}.phi: {electrode.phi:g} V must lie within {LARGEST_POTENTIAL:g} V of 0"
    if config.closure == "poisson":
        return
    first = names[0]
    if first in electrode.c:
        yield (
            f"{key}.c: with closure: electroneutral the concentration of {first} follows from the "
            "others; give c of the others"
        )
    if first in electrode.flux and electrode.phi is not None:
        yield (
            f"{key}: phi and the flux of {first} are both given; with closure: electroneutral one "
            "follows from the other"
        )


def _together(config: StackConfig) -> Iterator[str]:
    anode, counter = (getattr(config.boundary, side) for side in ELECTRODES)
    if anode.phi is None and counter.phi is None:
        yield "boundary: phi must be given at one electrode at least, as the potential's reference"
        return
    if config.time.mode == "transient":
        return
    for s in config.species:
        if _free(config, s.name, anode) or _free(config, s.name, counter):
            continue
        fluxes = [electrode.flux.get(s.name, 0.0) for electrode in (anode, counter)]
        if abs(sum(fluxes)) > 1e-9 * max(map(abs, fluxes)):
            yield (
                f"boundary: there is no steady state, because the fluxes of {s.name} into the "
                f"electrolyte add up to {sum(fluxes):.6g} mol/m^2/s; make them opposite"
            )


def _free(config: StackConfig, name: str, electrode) -> bool:
    """Whether the flux of a species follows from the solution at an electrode."""
    first = config.species[0].name
    by_potential = config.closure == "electroneutral" and electrode.phi is not None
    return name in electrode.c or (name == first and by_potential)


def _sizes(config: StackConfig) -> Iterator[str]:
    m = config.mesh
    if m.size_min > m.size_max:
        yield (
            f"mesh.size_min: {si_text(m.size_min, 'm')} must not be larger than "
            f"mesh.size_max, {si_text(m.size_max, 'm')}"
        )
