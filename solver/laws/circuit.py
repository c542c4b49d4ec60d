# SPDX-License-Identifier: MIT
"""Equivalent circuits of a cell between two electrodes, and their fit to an impedance spectrum.

    Z = j w L + R + sum_k R_k/(1 + (j w tau_k)^n_k) + K (j w)^-n

A resistance and a constant-phase element side by side (ZARC) have tau = (R Q)^(1/n); the tail is a
constant-phase element, blocking electrodes, or with n = 1/2 Warburg's. Z is linear in L, R, R_k, K:
they follow from tau and n by least squares without negative values, so that only tau and n are
searched for. Residuals are relative to |Z|.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.laws.kramers_kronig import Residuals, criterion

CONFIDENCE = 0.95
EXPONENTS = (0.4, 1.0)
"""Exponents n of constant-phase elements."""
STARTS = 3
"""Polished of the best points of a grid."""
FORM = re.compile(r"(L-)?(R|RQ)(-RQ){0,2}(-[QW])?")


@dataclass(frozen=True, slots=True)
class Circuit:
    """Elements in series.

    Attributes:
        coil: Whether an inductance L is in it, of the leads.
        resistor: Whether a resistance R is.
        arcs: Number of R and constant-phase element side by side.
        tail: `Q`, a constant-phase element, `W`, that of Warburg, or nothing.
    """

    coil: bool
    resistor: bool
    arcs: int
    tail: str

    @classmethod
    def read(cls, text: str) -> Circuit:
        """Read a circuit such as `R-RQ`, `L-R-RQ-RQ-W`, `RQ-Q`.

        Raises:
            ValueError: It is none.
        """
        if not FORM.fullmatch(text) or text in ("R", "L-R"):
            raise ValueError(
                f"'{text}' must be [L-]R or [L-]RQ, up to two -RQ, and -Q or -W at the end where "
                "there is a tail, such as R-RQ or L-R-RQ-RQ-W"
            )
        parts = text.split("-")
        tail = parts[-1] if parts[-1] in ("Q", "W") else ""
        return cls("L" in parts, "R" in parts, parts.count("RQ"), tail)

    def __str__(self) -> str:
        parts = ["L"] * self.coil + ["R"] * self.resistor + ["RQ"] * self.arcs
        return "-".join(parts + [self.tail] * bool(self.tail))

    @property
    def names(self) -> list[str]:
        """Names of the linear parameters: `L`, the resistances, `K`."""
        first, second, third = ("R_b", "R_2", "R_ct")
        resistances = self.resistor + self.arcs
        middle = {1: [first], 2: [first, third], 3: [first, second, third]}
        return ["L"] * self.coil + middle[resistances] + ["K"] * bool(self.tail)

    @property
    def searched(self) -> int:
        """Number of nonlinear parameters: ln tau and n of each arc, n of a tail Q."""
        return 2 * self.arcs + (self.tail == "Q")

    def columns(self, s: np.ndarray, shape: np.ndarray) -> np.ndarray:
        """Impedances per unit of the linear parameters, shape (frequencies, parameters).

        Args:
            s: j omega [1/s].
            shape: The nonlinear parameters.
        """
        found = [s] * self.coil + [np.ones_like(s)] * self.resistor
        for k in range(self.arcs):
            ln_tau, n = shape[2 * k : 2 * k + 2]
            found.append(1 / (1 + (s * np.exp(ln_tau)) ** n))
        if self.tail:
            found.append(s ** -(shape[-1] if self.tail == "Q" else 0.5))
        return np.stack(found, axis=1)


@dataclass(frozen=True)
class Fit:
    """A circuit fitted to a spectrum.

    Attributes:
        circuit: The circuit.
        values: Linear parameters by name, in ohm, s and 1/s.
        halves: Halves of their confidence intervals, the same units (Student's t, linearised).
        shape: The nonlinear parameters, arcs from the fastest to the slowest.
        residuals: What is left.
        score: Bayes' criterion, for a choice between circuits.
    """

    circuit: Circuit
    values: dict[str, float]
    halves: dict[str, float]
    shape: np.ndarray
    residuals: Residuals
    score: float

    @property
    def taus(self) -> dict[str, float]:
        """Time constant of each resistance that has one, by its name [s]."""
        names = [name for name in self.values if name.startswith("R")][-self.circuit.arcs :]
        names = names if self.circuit.arcs else []
        return {name: float(np.exp(self.shape[2 * k])) for k, name in enumerate(names)}

    def exponent(self, name: str) -> float:
        """Exponent n of the arc of a resistance, or of the tail, `K`."""
        if name == "K":
            return float(self.shape[-1]) if self.circuit.tail == "Q" else 0.5
        return float(self.shape[2 * list(self.taus).index(name) + 1])

    @property
    def determined(self) -> bool:
        """Whether all intervals are narrower than the values."""
        return all(self.halves[name] < value for name, value in self.values.items())

    def Z(self, f) -> np.ndarray:
        """Impedance at frequencies f [Hz], in ohm."""
        s = 2j * np.pi * np.asarray(f)
        return self.circuit.columns(s, self.shape) @ np.array(list(self.values.values()))


def choose(f, Z) -> Fit:
    """Fit circuits of up to two arcs and choose by Bayes' criterion.

    Those with a parameter that the spectrum does not determine are passed over. A coil is tried
    where the spectrum ends above the real axis, an arc without a resistance in series last.

    Raises:
        ValueError: No circuit is determined by the spectrum.
    """
    coils = (False, True) if Z[np.argmax(f)].imag > 0 else (False,)
    parts = itertools.product(coils, (True, False), range(3), ("", "W", "Q"))
    candidates = (Circuit(*x) for x in parts if x[2] or (x[1] and x[3]))
    fits = [x for x in (fit(c, f, Z) for c in candidates) if x is not None and x.determined]
    if not fits:
        raise ValueError("has no part that a circuit of R, RQ and a tail is determined by")
    return min(fits, key=lambda x: x.score)


def fit(circuit: Circuit, f, Z) -> Fit | None:
    """Fit a circuit; None where some of its elements have no part in the spectrum.

    Args:
        circuit: The circuit.
        f: Frequencies [Hz], shape (n,).
        Z: Impedances [ohm], shape (n,), complex.
    """
    from scipy.optimize import least_squares

    f, Z = np.asarray(f, dtype=float), np.asarray(Z)
    s, size = 2j * np.pi * f, np.abs(Z)
    count = len(circuit.names) + circuit.searched
    if 2 * len(f) <= count:
        return None
    low, high = _bounds(circuit, f)

    def left(shape):
        columns = circuit.columns(s, shape) / size[:, None]
        return _parts(Z / size - columns @ _linear(columns, Z / size))

    starts = sorted(_starts(circuit, low, high), key=lambda x: float(np.sum(left(x) ** 2)))
    if circuit.searched:
        found = [
            least_squares(left, x, bounds=(low, high), x_scale=np.maximum(high - low, 1e-3))
            for x in starts[:STARTS]
        ]
        shape = min(found, key=lambda x: x.cost).x
    else:
        shape = np.array([])
    shape = _ordered(circuit, shape)
    columns = circuit.columns(s, shape) / size[:, None]
    values = _linear(columns, Z / size)
    if not np.all(values > 0):
        return None
    rest = Z / size - columns @ values
    halves = _halves(circuit, s, shape, values, size, rest)
    names = circuit.names
    return Fit(
        circuit, dict(zip(names, map(float, values), strict=True)),
        dict(zip(names, map(float, halves), strict=True)), shape, Residuals(rest),
        criterion(rest, count),
    )  # fmt: skip


def _parts(z: np.ndarray) -> np.ndarray:
    return np.concatenate([z.real, z.imag])


def _linear(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    from scipy.optimize import nnls

    matrix = np.concatenate([columns.real, columns.imag])
    scale = np.linalg.norm(matrix, axis=0)
    return nnls(matrix / scale, _parts(target))[0] / scale


def _bounds(circuit: Circuit, f: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # An arc may have its top a decade outside of what was measured.
    tau = np.log([0.1 / (2 * np.pi * f.max()), 10 / (2 * np.pi * f.min())])
    rows = [tau, EXPONENTS] * circuit.arcs + [EXPONENTS] * (circuit.tail == "Q")
    return tuple(np.array(rows).reshape(-1, 2).T)


def _starts(circuit: Circuit, low: np.ndarray, high: np.ndarray) -> Iterator[np.ndarray]:
    grid = np.linspace(low[0], high[0], 14)[1:-1] if circuit.arcs else [0.0]
    for tail in (0.5, 0.9) if circuit.tail == "Q" else (None,):
        for taus in itertools.combinations(grid, circuit.arcs):
            arcs = [x for tau in taus for x in (tau, 0.85)]
            yield np.array(arcs + ([] if tail is None else [tail]))


def _ordered(circuit: Circuit, shape: np.ndarray) -> np.ndarray:
    arcs = sorted(zip(shape[: 2 * circuit.arcs : 2], shape[1 : 2 * circuit.arcs : 2], strict=True))
    return np.concatenate([np.ravel(arcs), shape[2 * circuit.arcs :]])


def _halves(circuit, s, shape, values, size, rest) -> np.ndarray:
    """Halves of the intervals of the linear parameters, the nonlinear ones being free."""
    from scipy.special import stdtrit

    def model(shape):
        return circuit.columns(s, shape) @ values / size

    slopes = []
    for k in range(len(shape)):
        step = np.zeros_like(shape)
        step[k] = 1e-5
        slopes.append((model(shape + step) - model(shape - step)) / 2e-5)
    columns = circuit.columns(s, shape) / size[:, None] * values
    jacobian = np.stack([_parts(x) for x in (*columns.T, *slopes)], axis=1)
    freedom = len(jacobian) - jacobian.shape[1]
    variance = np.sum(np.abs(rest) ** 2) / freedom
    errors = np.sqrt(variance * np.diag(np.linalg.pinv(jacobian.T @ jacobian, rcond=1e-14)))
    return stdtrit(freedom, 0.5 * (1 + CONFIDENCE)) * errors[: len(values)] * values
