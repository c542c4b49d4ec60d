# SPDX-License-Identifier: MIT
"""The cell's voltage where its current is given: one more number that a stage finds."""

from __future__ import annotations

from typing import Any


class CellVoltage:
    """The voltage that a given current takes, as the number that a stage finds; see its protocol.

    Attributes:
        size: RT/F [V].
    """

    def __init__(self, equation: Any):
        """Take the equation of the ions' potential, which makes this number."""
        self._equation, self.size = equation, equation.size()
        counter = equation.counter
        if counter.law is None:
            self.value = counter.voltage()
        else:
            self.value = counter.matched(equation.current_given * equation.model.domain.width)

    @property
    def value(self) -> float:
        """The voltage [V]."""
        return self._equation.voltage

    @value.setter
    def value(self, voltage: float) -> None:
        self._equation.take(voltage)

    def missing(self) -> float:
        """The current that is missing, in that which RT/F drives through all of the electrolyte."""
        e, m = self._equation, self._equation.model
        scale = self.size * min(x.sigma_ion for x in m.config.parts) / m.domain.height
        return (e.current_given - e.current) / scale
