# SPDX-License-Identifier: MIT
r"""Rung 2: Eshelby's disk in plane strain, and the elastic driving force.

Source: a disk (Li, 1) with eigenstrain eps in the plane and eps_z across it, in an infinite matrix
(2), bonded (Eshelby, Proc. R. Soc. A 241 (1957) 376; here from Lame's solution of the disk and of
the plane with a hole):

    e = [2 (lam_1 + mu_1) eps + lam_1 eps_z] / [2 (lam_1 + mu_1 + mu_2)]   strain inside, uniform
    sigma = -2 mu_2 e                                                     stress inside, uniform
    u_r = e r inside, e R^2/r outside

Li (4.9 GPa, 0.36) in Li6PS5Cl (22.1 GPa, 0.37) at eps = eps_z = -0.866e-3: e = -5.226e-4 and
sigma = +8.43 MPa. A negative Vegard strain puts the deposit in tension.

Checked: mean strain and stress of the inner half of the disk, displacement solved by the program's
own update on a quarter of the cell (rollers on the axes; the outer sides, far away, free of
traction). xi is the sharp indicator, on a mesh whose edges follow the circle; the lumped terms
smear it over one element. Bound 1 %, first order or better in h. Further, f_els' against the
difference quotient of the elastic energy in xi (bound 1e-6), for a smooth random state.
"""

from __future__ import annotations

import gmsh
import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from benchmarks.verification import common
from benchmarks.verification.common import Curve, Result, Row, Run
from solver.cell import mesh_tables
from solver.cell.domain import Domain
from solver.terms import mechanics

RADIUS = 1e-6
"""Radius of the disk [m]; the result does not depend on it."""
FAR = 60.0
"""Side of the cell over the radius: its boundary changes the strain by about 1/FAR^2."""
EPS = -0.866e-3
STRAIN, STRESS = -5.226e-4, 8.43e6
SOURCE = "Eshelby 1957"


def run_disk(cells_per_radius: int) -> tuple[float, float]:
    """Return mean radial strain and mean in-plane stress [Pa] of the inner half of the disk."""
    side = FAR * RADIUS
    config = common.config(
        side / common.LENGTH,
        side / common.LENGTH,
        1.0,
        layer={"lambda_i": (EPS, EPS, EPS)},
        mechanics={"enabled": True, "sides": {"counter": "free", "right": "free"}},
    )
    run = Run(config, quarter_disk(RADIUS / cells_per_radius, side))
    inside = np.hypot(run.x, run.y) < RADIUS * (1 + 1e-9)
    run.state.xi.x.array[:] = inside
    run.scheme.settle()
    m, s = run.model, run.state
    x = ufl.SpatialCoordinate(m.domain.mesh)
    core = ufl.conditional(ufl.lt(ufl.dot(x, x), (RADIUS / 2) ** 2), 1.0, 0.0)
    sigma, eps = mechanics.stress(s.u, s.xi, m.coefficients.elasticity), mechanics.strain(s.u)

    def mean(tensor):
        in_plane = (tensor[0, 0] + tensor[1, 1]) / 2
        over, area = (fem.assemble_scalar(fem.form(f * core * m.dx)) for f in (in_plane, 1.0))
        return over / area

    return mean(eps), mean(sigma)


def quarter_disk(h: float, side: float) -> Domain:
    """Mesh a square of this side, fine at the disk about its corner, edges along the circle.

    Args:
        h: Element size up to 1.2 RADIUS; it grows by a quarter of the distance beyond [m].
        side: Side of the square [m].
    """
    gmsh.initialize(interruptible=False)
    gmsh.option.setNumber("General.Terminal", 0)
    unit, far = h / RADIUS, side / RADIUS
    geo = gmsh.model.geo
    at = {
        (x, y): geo.addPoint(x, y, 0) for x in (0, 1, far) for y in (0, 1, far) if (x, y) != (1, 1)
    }
    bottom = [geo.addLine(at[0, 0], at[1, 0]), geo.addLine(at[1, 0], at[far, 0])]
    right, top = geo.addLine(at[far, 0], at[far, far]), geo.addLine(at[far, far], at[0, far])
    left = [geo.addLine(at[0, far], at[0, 1]), geo.addLine(at[0, 1], at[0, 0])]
    arc = geo.addCircleArc(at[1, 0], at[0, 0], at[0, 1])
    disk = geo.addPlaneSurface([geo.addCurveLoop([bottom[0], arc, left[1]])])
    matrix = geo.addPlaneSurface([geo.addCurveLoop([bottom[1], right, top, left[0], -arc])])
    geo.synchronize()
    groups = {"anode": bottom, "counter": [top], "left": left, "right": [right]}
    gmsh.model.addPhysicalGroup(2, [disk, matrix], name="electrolyte")
    for name, curves in groups.items():
        gmsh.model.addPhysicalGroup(1, curves, name=name)
    size = gmsh.model.mesh.field.add("MathEval")
    growing = f"{unit} + 0.25*((x*x + y*y)^0.5 - 1.2)"
    gmsh.model.mesh.field.setString(size, "F", f"Max({unit}, {growing})")
    gmsh.model.mesh.field.setAsBackgroundMesh(size)
    for option in ("MeshSizeExtendFromBoundary", "MeshSizeFromPoints", "MeshSizeFromCurvature"):
        gmsh.option.setNumber(f"Mesh.{option}", 0)
    gmsh.option.setNumber("Mesh.Algorithm", 6)
    gmsh.model.mesh.generate(2)
    tables, tags = mesh_tables.of_gmsh(gmsh.model, RADIUS)
    gmsh.finalize()
    parts = mesh_tables.distribute(
        MPI.COMM_SELF, mesh_tables.Share.of_root(MPI.COMM_SELF, tables)
    )
    return Domain(*parts, tags, ("electrolyte",), side, side)


def driving_force_error() -> float:
    """Return the relative difference of f_els' and the difference quotient of the energy."""
    config = common.config(8, 8, 1.0, mechanics={"enabled": True})
    run = Run(config)
    m, s = run.model, run.state
    random = np.random.default_rng(0)
    s.xi.x.array[:] = random.uniform(0.1, 0.9, len(s.xi.x.array))
    s.u.x.array[:] = 1e-3 * common.LENGTH * random.uniform(-1, 1, len(s.u.x.array))
    direction = random.uniform(-1, 1, len(s.xi.x.array))
    energy = fem.form(mechanics.elastic_energy(s.u, s.xi, m.coefficients.elasticity) * m.dx)
    driving = m.equations["xi"].elastic_driving_form(s.u, s.xi, m.v)
    force = m.nodal(fem.form(driving)) / m.numbers.interface.L_sigma
    here, step, sides = s.xi.x.array.copy(), 1e-4, []
    for sign in (1, -1):
        s.xi.x.array[:] = here + sign * step * direction
        sides.append(fem.assemble_scalar(energy))
    quotient = (sides[0] - sides[1]) / (2 * step)
    return abs(np.dot(force, direction) / quotient - 1)


def convergence(resolutions=(8, 16, 32, 64)) -> tuple[Curve, list[tuple[float, float]]]:
    """Return the relative errors of the strain over h/R, and (strain, stress) themselves."""
    got = [run_disk(n) for n in resolutions]
    errors = tuple(abs(strain / STRAIN - 1) for strain, _ in got)
    return Curve("Eshelby disk, strain", tuple(1 / n for n in resolutions), errors, 1.0), got


def rung() -> Result:
    """Run the rung."""
    curve, got = convergence()
    order = common.order(curve.steps, curve.errors)
    rows = [
        Row("Eshelby disk", "strain inside, R/h = 64", STRAIN, got[-1][0], 0.01, SOURCE),
        Row("Eshelby disk", "stress inside [MPa], R/h = 64", 8.43, got[-1][1] / 1e6, 0.01, SOURCE),
        Row("Eshelby disk", "order in h", 1, order, 0.1, "sharp xi", 1, limit="at_least"),
        Row("Eshelby disk", "f_els' / energy quotient", 1, 1 + driving_force_error(), 1e-6, "dE"),
    ]
    return Result(rows, (curve,), "h / R")
