# SPDX-License-Identifier: MIT
"""A cell of two unlike layers, small enough to be solved by all schemes in seconds."""

from types import SimpleNamespace

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.model import Model
from solver.input import loading
from solver.laws import energy
from solver.laws.front import psi
from solver.schemes import factory
from solver.stepping.integrator import Integrator

CONFIG = """\
title: Two unlike layers
width: 10 um
layers:
  - {name: A, thickness: 5 um}
  - {name: B, thickness: 5 um, sigma_ion: 0.2, D: 2e-11, c0: 800, E: 50 GPa, nu: 0.3,
     lambda_i: [1e-3, 5e-4, 2e-4]}
phase_field: {interface_length: 0.4 um}
mesh: {size_min: 0.25 um, size_max: 0.25 um}
nuclei: {film: 2 um, radius: 1.5 um, count: 2}
solver: {pass_tolerance: 1e-9, max_passes: 100}
"""


def build(*overrides: str) -> tuple[Model, Integrator]:
    """A model at its start with an integrator of the scheme that the config asks for."""
    config = loading.parse(CONFIG, list(overrides))
    model = Model(config, domain.build(config, MPI.COMM_WORLD))
    scheme = factory.create(model, Profile())
    integrator = Integrator(model, scheme)
    model.initialise()
    scheme.settle()
    integrator.start(0.0)
    return model, integrator


def march(integrator: Integrator, steps) -> None:
    """Take steps of prescribed sizes [s]."""
    t = integrator.history[-1][0]
    for dt in steps:
        integrator.step(dt)
        t += dt
        integrator.keep(t)


def bases(model):
    """Functions that hold the base of a stage of a model."""
    names = vars(model.base())
    return SimpleNamespace(**{name: fem.Function(model.V) for name in names})


def vector(form):
    """Nodal values of a linear form."""
    return fem.assemble_vector(fem.form(form)).array


def random_state(model, base):
    """Fill state and base with admissible values that differ from node to node."""
    random, s = np.random.default_rng(0), model.state
    n = len(s.xi.x.array)
    s.xi.x.array[:] = random.uniform(0.1, 0.9, n)
    s.c.x.array[:] = random.uniform(300, 1200, n)
    s.phi.x.array[:] = random.uniform(-0.1, 0, n)
    s.u.x.array[:] = random.uniform(-1e-9, 1e-9, 2 * n)
    base.xi.x.array[:] = random.uniform(0.1, 0.9, n)
    base.psi.x.array[:] = psi(base.xi.x.array)
    base.c.x.array[:] = random.uniform(300, 1200, n)
    base.h.x.array[:] = energy.h(base.xi.x.array)
