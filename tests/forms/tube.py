# SPDX-License-Identifier: MIT
"""A quarter of a thick-walled tube and a slit, on triangles whose diagonals alternate."""

import gmsh
import numpy as np
from mpi4py import MPI

from solver.base.profile import Profile
from solver.cell import mesh_tables
from solver.cell.domain import Domain
from solver.equations.couplings_elastic import pressure_of_deposit
from solver.equations.model import Model
from solver.input import loading
from solver.schemes import factory
from solver.schemes.split import SplitScheme
from solver.schemes.stage import Stage

INNER, OUTER = 1e-6, 4e-6
CONFIG = """\
title: Lithium that fills a tube
width: 4 um
layers: [{name: electrolyte, thickness: 4 um, lambda_i: [0, 0, 0]}]
mechanics: {feedback: false, stack_pressure: 1 MPa, sides: {right: free, counter: pressure}}
mesh: {size_min: 1 um, size_max: 1 um}
phase_field: {interface_length: 0.4 um}
nuclei: {film: 1 um, count: 0}
solver: {pass_tolerance: 1e-6}
"""


def mesh(round_it: int, through: int) -> Domain:
    """The quarter; its inner surface is `counter`, its outer one `right`.

    Args:
        round_it: Edges along a quarter of a circle.
        through: Edges through the wall.
    """
    ratio = OUTER / INNER
    corners = ((1, 0), (ratio, 0), (0, ratio), (0, 1))
    return _mapped(corners, (through, round_it), ("anode", "right", "left", "counter"), arcs=True)


def slit(across: int, length: int) -> Domain:
    """A rectangle whose width is that of the tube's inner radius.

    Args:
        across: Edges across it.
        length: Its length over its width.
    """
    corners = ((0, 0), (length, 0), (length, 1), (0, 1))
    sides = ("anode", "right", "counter", "left")
    return _mapped(corners, (across * length, across), sides, arcs=False)


def _mapped(corners, edges: tuple[int, int], sides: tuple[str, ...], arcs: bool) -> Domain:
    """A quadrilateral; every other of its sides may be an arc about the origin."""
    gmsh.initialize(interruptible=False)
    gmsh.option.setNumber("General.Terminal", 0)
    geo = gmsh.model.geo
    centre, at = geo.addPoint(0, 0, 0), [geo.addPoint(x, y, 0) for x, y in corners]
    curves = []
    for i in range(len(sides)):
        ends = at[i], at[(i + 1) % 4]
        round_it = arcs and i % 2
        curve = geo.addCircleArc(ends[0], centre, ends[1]) if round_it else geo.addLine(*ends)
        geo.mesh.setTransfiniteCurve(curve, edges[i % 2] + 1)
        curves.append(curve)
    wall = geo.addPlaneSurface([geo.addCurveLoop(curves)])
    # Others lock: flow that keeps the volume has too few ways on triangles all cut alike.
    geo.mesh.setTransfiniteSurface(wall, "AlternateLeft")
    geo.synchronize()
    gmsh.model.addPhysicalGroup(2, [wall], name="electrolyte")
    for name, curve in zip(sides, curves, strict=True):
        gmsh.model.addPhysicalGroup(1, [curve], name=name)
    gmsh.model.mesh.generate(2)
    tables, tags = mesh_tables.of_gmsh(gmsh.model, INNER)
    gmsh.finalize()
    parts = mesh_tables.distribute(
        MPI.COMM_SELF, mesh_tables.Share.of_root(MPI.COMM_SELF, tables)
    )
    return Domain(*parts, tags, ("electrolyte",), OUTER, OUTER)


def filled(domain: Domain, *overrides: str) -> tuple[Model, SplitScheme]:
    """A model of the tube that is all lithium, without stress, and its scheme."""
    model = Model(loading.parse(CONFIG, list(overrides)), domain)
    scheme = factory.create(model, Profile())
    model.state.xi.x.array[:] = 1.0
    return model, scheme


def flow_for(model: Model, scheme: SplitScheme, dt: float) -> None:
    """Let the lithium flow for a time [s] with nothing else going on."""
    equation, update = model.equations["eps_v"], scheme.updates["eps_v"]
    base = model.base()
    equation.hold(0.0)
    equation.begin_step(0.0, dt, base)
    equation.hold(dt)
    update.forget()
    update.solve(Stage.of(base, dt, model.config.solver.pass_tolerance, True), 0)


def pressure(model: Model) -> np.ndarray:
    """Pressure of the lithium in every triangle [Pa]."""
    values = model.state.u.x.array, model.state.xi.x.array
    return pressure_of_deposit(
        model.edges, model.solved_triangles, model.coefficients.vegard, *values
    )
