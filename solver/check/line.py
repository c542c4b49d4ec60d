# SPDX-License-Identifier: MIT
"""One number of a config to read."""

from __future__ import annotations

from dataclasses import dataclass

from solver.base.units import si_text


@dataclass(frozen=True, slots=True)
class Line:
    """One group to show.

    Attributes:
        name: In plain words.
        formula: In the symbols of the config.
        value: SI, in `unit`.
        unit: SI unit; empty for a plain number.
        meaning: One sentence: what it says about this config.
    """

    name: str
    formula: str
    value: float
    unit: str
    meaning: str

    @property
    def text(self) -> str:
        """The value with its unit."""
        return si_text(self.value, self.unit) if self.unit else f"{self.value:.3g}"
