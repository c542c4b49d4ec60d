# SPDX-License-Identifier: MIT
"""Rung 10: lithium and charge are conserved by both schemes.

Source: integrated over the cell, the equations for c and phi say that what Li+ and deposit gain
together has entered through the counter electrode, and that the electrodes deliver F for every mole
of deposit.

Checked: two growing half-disks with all physics of Chen et al. 2025 on. Li+ that enters is what the
program reports; the electrodes' current is the residual of the charge equation in their rows. Both
losses are relative to what the deposit has gained. The split scheme keeps lithium to round-off at
any tolerance and charge to what the meter's own sums leave (bound 1e-6), the monolithic one keeps
both to what Newton's method leaves (bound 1e-10). The current that the program
reports is that of the deposit, so it has no part in this.
"""

from __future__ import annotations

import numpy as np

from dolfinx import fem

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, Result, Row, Run
from benchmarks.verification.stages import Stages
from solver.input.numerical_sections import Solver
from solver.input.sections import PhaseField

BOUND = {"split": 1e-6, "monolithic": 1e-10}
"""Of what may be lost, relative to the gain."""
STEPS, DT = 20, 0.05
"""Number and size [s] of the steps."""
FEWER = 5
"""Steps of the monolithic scheme, which are dear."""


class Metered(Stages):
    """The program's scheme with a meter for the current of the electrodes.

    Attributes:
        charge: Charge delivered by the electrodes so far [C/m].
    """

    def __init__(self, run: Run):
        super().__init__(run)
        m, potential = run.model, run.model.equations["phi"]
        self.charge = 0.0
        self._conduction = fem.form(potential.conduction_form(m.state.phi, m.state.xi, m.v))
        self._electrodes = potential.held()

    def read(self, tau: float) -> None:
        """Count the charge of a stage."""
        m, n = self.run.model, self.run.model.numbers
        growth = n.F * n.c_Li * self.deposit / tau
        rows = m.nodal(self._conduction) + m.lumped_mass * growth
        self.charge += self.weight * rows[self._electrodes].sum()


def losses(method: str, tolerance: float, scheme: str, steps: int) -> tuple[float, float]:
    """Return lithium and charge lost, relative to the gain of the deposit.

    Args:
        method: `time.scheme`.
        tolerance: `solver.pass_tolerance`.
        scheme: `solver.scheme`.
        steps: Number of steps.
    """
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
        solver={"pass_tolerance": tolerance, "scheme": scheme},
        time={"scheme": method},
    )
    run = Run(config)
    meter = Metered(run)
    run.scheme.settle()
    run.start()

    def contents() -> np.ndarray:
        return np.array([run.integral(f.x.array) for f in (run.state.xi, run.state.c)])

    before, n = contents(), run.model.numbers
    meter.march(DT, steps)
    deposit, ions = contents() - before
    gain = n.c_Li * deposit
    return (gain + ions - run.inflow) / gain, (n.F * gain - meter.charge) / (n.F * gain)


def rung() -> Result:
    """Run the rung."""
    rows = []
    for method in ("sdirk2", "backward_euler"):
        for tolerance in (Solver().pass_tolerance, 1e-6):
            lost = losses(method, tolerance, "split", STEPS)
            rows += _rows(f"{method}, tol. {tolerance:g}", lost, "split")
        lost = losses(method, Solver().pass_tolerance, "monolithic", FEWER)
        rows += _rows(f"{method}, monolithic", lost, "monolithic")
    return Result(rows)


def _rows(how: str, lost: tuple[float, float], scheme: str) -> list[Row]:
    names = zip(("Li", "charge"), lost, strict=True)
    return [
        Row("conservation", f"{name} lost, {how}", 0, value, BOUND[scheme], "balance", 1)
        for name, value in names
    ]
