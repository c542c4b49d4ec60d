# SPDX-License-Identifier: MIT
"""What must hold between the values of a config; each complaint is one sentence."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import ceil, log2

from meshes.discrete import BOUNDARIES
from solver.base.units import si_text
from solver.input import (
    electrochemistry,
    fracture,
    geometry,
    geometry_files,
    mechanics,
    seeded,
)
from solver.input.resolution import resolution
from solver.input.stack import CellConfig
from solver.laws.thin_front import stiffness

MAX_EXPONENT = 100.0
"""Largest |F eta/RT|, about 2.5 V: beyond it the Butler-Volmer factor is meaningless."""


def problems(config: CellConfig) -> Iterator[str]:
    """Yield one sentence, without its full stop, for everything that does not fit together."""
    yield from _layers(config)
    if complaints := list(geometry.problems(config)):
        yield from complaints
        return
    yield from _nuclei(config)
    yield from _sizes(config)
    yield from _times(config)
    yield from _potentials(config)
    yield from _course(config)
    yield from _interface(config)
    yield from electrochemistry.problems(config)
    yield from seeded.problems(config)
    yield from mechanics.problems(config)
    yield from _elements(config)
    yield from _adaptivity(config)
    yield from _skeleton(config)
    yield from fracture.problems(config)


def _layers(config: CellConfig) -> Iterator[str]:
    names = [layer.name for layer in config.parts]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        yield (
            f"{config.parts_key}: names must differ, but '{repeated[0]}' is used more than once"
        )
    reserved = {"anode", "counter", "left", "right", "skeleton", BOUNDARIES}.intersection(names)
    if reserved:
        yield (
            f"{config.parts_key}: '{min(reserved)}' is the name of a part; give the layer another "
            "name"
        )
    if config.geometry is not None or config.height is None:
        return
    if abs(config.height / config.cell_height - 1) > 1e-9:
        yield (
            f"layers: their thicknesses add up to {si_text(config.cell_height, 'm')}, "
            f"but height is {si_text(config.height, 'm')}; they must fill the cell"
        )


def _nuclei(config: CellConfig) -> Iterator[str]:
    nuclei = config.nuclei
    for i, x in enumerate(nuclei.positions or ()):
        if not 0 <= x <= config.width:
            yield (
                f"nuclei.positions.{i}: {si_text(x, 'm')} is outside the cell; it must lie between "
                f"0 m and {si_text(config.width, 'm')}"
            )
    if nuclei.top >= config.cell_height:
        yield (
            f"nuclei: film and half-disks reach {si_text(nuclei.top, 'm')}, outside the cell of "
            f"height {si_text(config.cell_height, 'm')}; lower film, radius or radius_spread"
        )


def _sizes(config: CellConfig) -> Iterator[str]:
    mesh = config.mesh
    smallest, part = _thinnest(config)
    if mesh.size_min > mesh.size_max:
        yield (
            f"mesh.size_min: {si_text(mesh.size_min, 'm')} must not be larger than "
            f"mesh.size_max, {si_text(mesh.size_max, 'm')}"
        )
    if mesh.size_min > smallest:
        yield (
            f"mesh.size_min: {si_text(mesh.size_min, 'm')} must not be larger than {part}, "
            f"{si_text(smallest, 'm')}"
        )


def _thinnest(config: CellConfig) -> tuple[float, str]:
    """What triangles must not be larger than [m], and what it is called."""
    part = "the thinnest part of the cell"
    if config.geometry is None:
        return min(config.width, *(x.thickness for x in config.parts)), part
    grains, whole = config.geometry.voronoi, min(config.width, config.cell_height)
    if grains is not None and grains.grain_size < whole:
        return grains.grain_size, "geometry.voronoi.grain_size"
    return whole, part


def _times(config: CellConfig) -> Iterator[str]:
    time = config.time
    if not time.dt_min <= time.dt_initial <= time.dt_max:
        yield (
            f"time.dt_initial: {time.dt_initial:g} s must lie between dt_min {time.dt_min:g} s "
            f"and dt_max {time.dt_max:g} s"
        )
    if time.stop_tip is not None and time.stop_tip > config.cell_height:
        yield (
            f"time.stop_tip: {si_text(time.stop_tip, 'm')} must not be above the cell of height "
            f"{si_text(config.cell_height, 'm')}"
        )


def _potentials(config: CellConfig) -> Iterator[str]:
    k, boundary, phi_eq = config.constants, config.boundary, config.kinetics.phi_eq
    limit = MAX_EXPONENT * k.R * k.T / k.F
    keys = ("phi_anode", "phi_counter") if boundary.anode_course is None else ("phi_counter",)
    for key in keys:
        value = getattr(boundary, key)
        if abs(value - phi_eq) > limit:
            yield (
                f"boundary.{key}: {value:g} V must lie within {limit:.3g} V of kinetics.phi_eq "
                f"{phi_eq:g} V, or the Butler-Volmer factor overflows"
            )


def _course(config: CellConfig) -> Iterator[str]:
    course = config.boundary.anode_course
    if course is None:
        return
    k = config.constants
    limit = MAX_EXPONENT * k.R * k.T / k.F
    for i, (_, value) in enumerate(course):
        if abs(value - config.kinetics.phi_eq) > limit:
            yield (
                f"boundary.anode_course.{i}: {value:g} V must lie within {limit:.3g} V of "
                "kinetics.phi_eq, or the Butler-Volmer factor overflows"
            )
    for i, ((before, _), (after, _)) in enumerate(itertools.pairwise(course)):
        if after <= before:
            yield (
                f"boundary.anode_course.{i + 1}: its time, {after:g} s, must be later than that of "
                f"the point before it, {before:g} s"
            )
    if config.kinetics.overpotential == "applied":
        yield "boundary.anode_course: needs kinetics.overpotential: local"


def _interface(config: CellConfig) -> Iterator[str]:
    """What the rate of solver.laws.thin_front is not derived for, and what asks for it."""
    if config.kinetics.interface != "quantitative":
        if config.transport.in_metal == "none":
            yield (
                "transport.in_metal: none needs kinetics.interface: quantitative; with printed "
                "kinetics a small lithium.D slows Li+ down in the deposit"
            )
        return
    p, needed = config.potential, "kinetics.interface: quantitative needs"
    if p.carrier != "ions":
        yield f"{needed} potential.carrier: ions (reading: ionic)"
    if p.sigma != "ionic":
        yield f"{needed} potential.sigma: ionic, a deposit that is all at the anode's potential"
    if p.source != "xi":
        yield f"{needed} potential.source: xi"
    if config.solver.degree != 1:
        yield f"{needed} solver.degree: 1"
    if config.skeleton is not None:
        yield f"{needed} no skeleton"
    p = config.phase_field
    least = float(stiffness(0.0, p.delta, p.omega))
    if least <= 0:
        yield (
            f"phase_field.delta: {p.delta:g} with omega {p.omega} makes the surface stiffness "
            f"negative ({least:.2g}); {needed} a smaller one"
        )
    if config.lithium.D is not None:
        yield f"{needed} lithium.D: null, Li+ that diffuses in the deposit as in its layer"


def _elements(config: CellConfig) -> Iterator[str]:
    if config.solver.degree == 2 and config.solver.scheme != "monolithic":
        yield "solver.degree: 2 needs solver.scheme: monolithic"
    if config.solver.degree == 2 and config.potential.source == "h":
        yield "solver.degree: 2 needs potential.source: xi"
    if config.solver.degree == 2 and config.kinetics.c_half > 0:
        yield "solver.degree: 2 needs kinetics.c_half: 0"


def _adaptivity(config: CellConfig) -> Iterator[str]:
    if not config.adapt.enabled:
        return
    r, largest = resolution(config), config.mesh.size_max
    smallest, part = _thinnest(config)
    if r.levels == 0:
        yield (
            f"mesh.size_max: {si_text(largest, 'm')} must be at least {si_text(2 * r.size, 'm')}, "
            f"twice the size that adapt.elements {config.adapt.elements:g} wants at the front, or "
            "there is nothing to adapt (set adapt.enabled: false)"
        )
    if r.edge(0) > smallest:
        yield (
            f"mesh.size_max: the triangles that adapt refines, {si_text(r.edge(0), 'm')}, must not "
            f"be larger than {part}, {si_text(smallest, 'm')}"
        )
    own = geometry_files.largest_edge(config)
    if (coarser := own / (geometry_files.ROUGHLY * r.edge(0))) > 1:
        # Bases are the size at the front times powers of two; the last digits shown are rounded.
        enough = 1.001 * r.edge(0) * 2 ** ceil(log2(coarser))
        yield (
            f"mesh.size_max: {si_text(largest, 'm')} promises a base of triangles of "
            f"{si_text(r.edge(0), 'm')}, but those of geometry.msh have edges of up to "
            f"{si_text(own, 'm')}; set it to {si_text(enough, 'm')}, or mesh the cell more finely"
        )
    if config.solver.degree != 1:
        yield "adapt.enabled: true needs solver.degree: 1"
    if config.skeleton is not None:
        yield "adapt.enabled: true does not work with a skeleton"


def _skeleton(config: CellConfig) -> Iterator[str]:
    s = config.skeleton
    if s is None:
        return
    if not config.nuclei.top < s.start < s.end < config.cell_height:
        yield (
            f"skeleton: start {si_text(s.start, 'm')} and end {si_text(s.end, 'm')} must follow "
            f"each other between the nuclei, {si_text(config.nuclei.top, 'm')}, and the counter "
            f"electrode, {si_text(config.cell_height, 'm')}"
        )
    centres = s.centres(config.width)
    apart = centres[1] - centres[0] - s.width if s.count > 1 else config.width
    if apart < config.mesh.size_min or centres[0] - 0.5 * s.width <= 0:
        yield (
            f"skeleton: {s.count} filaments of {si_text(s.width, 'm')} do not fit side by side "
            f"into a cell of width {si_text(config.width, 'm')}"
        )
    if s.width < config.mesh.size_min:
        yield (
            f"skeleton.width: {si_text(s.width, 'm')} must not be smaller than mesh.size_min, "
            f"{si_text(config.mesh.size_min, 'm')}"
        )
    if config.solver.degree == 2:
        yield "skeleton: needs solver.degree: 1"
