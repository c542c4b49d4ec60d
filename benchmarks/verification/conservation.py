# SPDX-License-Identifier: MIT
"""Rung 10: lithium and charge are conserved by the split scheme.

Source: integrated over the cell, the equations for c and phi say that what Li+ and deposit gain
together has entered through the counter electrode, and that the electrodes deliver F for every mole
of deposit.

Checked: two growing half-disks with all physics of Chen et al. 2025 on. Li+ that enters is what the
program reports; the electrodes' current is the residual of the charge equation in their rows. Both
losses are relative to what the deposit has gained. Lithium is kept to round-off at any tolerance,
charge to what the meter's own sums leave; the bound of both is 1e-6. The current that the program
reports is that of the deposit, so it has no part in this.
"""

from __future__ import annotations

import numpy as np

from dolfinx import fem

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, Result, Row, Run
from benchmarks.verification.stages import Stages
from solver.config import PhaseField, Solver

BOUND = 1e-6
"""Of what may be lost, relative to the gain."""
STEPS, DT = 20, 0.05
"""Number and size [s] of the steps."""


class Metered(Stages):
    """The program's scheme with a meter for the current of the electrodes.

    Attributes:
        charge: Charge delivered by the electrodes so far [C/m].
    """

    def __init__(self, run: Run):
        super().__init__(run)
        m = run.model
        self.charge = 0.0
        self._conduction = fem.form(m.conduction_form(m.state.phi, m.state.xi))
        self._electrodes = m.held_dofs("phi")

    def read(self, tau: float) -> None:
        """Count the charge of a stage."""
        m, n = self.run.model, self.run.model.numbers
        growth = n.F * n.c_Li * self.deposit / tau
        rows = m.nodal(self._conduction) + m.lumped_mass * growth
        self.charge += self.weight * rows[self._electrodes].sum()


def losses(scheme: str, tolerance: float) -> tuple[float, float]:
    """Return lithium and charge lost, relative to the gain of the deposit."""
    config = common.config(
        40.0,
        40.0,
        0.5,
        phase_field={
            **PhaseField().model_dump(),
            "interface_length": LENGTH,
        },
        lithium={"c_Li": 7.64e4},
        boundary={"phi_anode": -0.1},
        mechanics={"enabled": True},
        nuclei={"count": 2, "film": 5 * LENGTH, "radius": 4 * LENGTH},
        solver={"pass_tolerance": tolerance},
        time={"scheme": scheme},
    )
    run = Run(config)
    meter = Metered(run)
    run.scheme.settle()
    run.start()

    def contents() -> np.ndarray:
        return np.array([run.integral(f.x.array) for f in (run.state.xi, run.state.c)])

    before, n = contents(), run.model.numbers
    meter.march(DT, STEPS)
    deposit, ions = contents() - before
    gain = n.c_Li * deposit
    return (gain + ions - run.inflow) / gain, (n.F * gain - meter.charge) / (n.F * gain)


def rung() -> Result:
    """Run the rung."""
    rows, default = [], Solver().pass_tolerance
    for scheme in ("sdirk2", "backward_euler"):
        for tolerance in (default, 1e-6):
            lithium, charge = losses(scheme, tolerance)
            for name, lost in (("Li", lithium), ("charge", charge)):
                quantity = f"{name} lost, {scheme}, tol. {tolerance:g}"
                rows.append(Row("conservation", quantity, 0, lost, BOUND, "balance", 1))
    return Result(rows)
