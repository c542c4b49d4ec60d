# SPDX-License-Identifier: MIT
"""What errors a config has to be expected to make, and what would make them as small as asked.

The laws were measured on fingers in Li6PS5Cl at 0.10 V; docs/numerics.md says how. Other cells have
other factors; `converge` measures those of a config.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from solver.base.errors import InputError
from solver.base.units import si_text
from solver.check import cost
from solver.check.groups import Groups, groups
from solver.check.interface_lines import USABLE
from solver.input.config import Config


@dataclass(frozen=True, slots=True)
class Law:
    """An error that falls with a power of a size.

    Attributes:
        size: At which it was measured.
        error: What it was there, as a share of the result.
        order: The power.
    """

    size: float
    error: float
    order: float

    def at(self, size: float) -> float:
        """The error at another size."""
        return self.error * (size / self.size) ** self.order

    def size_for(self, error: float) -> float:
        """The size that has this error."""
        return self.size * (error / self.error) ** (1 / self.order)


INTERFACE = {
    "printed": Law(0.11e-6, 0.09, 0.97),
    "quantitative": Law(0.44e-6, 0.08, 1.0),
}
"""Of the interface length [m], by `kinetics.interface`: of fingers. A planar front has far smaller
ones with `quantitative`."""

MESH = Law(1 / USABLE, 0.015, 2.0)
"""Of h/l."""

STEP = {
    "backward_euler": Law(0.4, 0.28, 1.0),
    "sdirk2": Law(0.4, 0.035, 2.0),
    "sdirk3": Law(0.4, 0.045, 2.0),
}
"""Of the square root of `time.tolerance`, which the step follows, by `time.scheme`."""

FINEST, COARSEST = 0.005, 0.2
"""Accuracies that can be asked for; beyond the laws would be stretched too far."""
THICKEST, LOOSEST = 0.88e-6, 0.16
"""Interface length [m] and tolerance up to which the laws were measured."""
LENGTHS = ("phase_field.interface_length", "mesh.size_min", "mesh.fine_height")


@dataclass(frozen=True, slots=True)
class Errors:
    """Expected errors of the way of the tips, as shares of it."""

    interface: float
    mesh: float
    step: float

    @property
    def sum(self) -> float:
        """All together, should none make up for another."""
        return self.interface + self.mesh + self.step

    def __str__(self) -> str:
        parts = (("interface", self.interface), ("mesh", self.mesh), ("time step", self.step))
        named = ", ".join(f"{name} {_percent(value)}" for name, value in parts)
        return f"{_percent(self.sum)} ({named})"


def law(config: Config) -> Law:
    """The law of the interface length that holds for a config's kinetics."""
    return INTERFACE[config.kinetics.interface]


def errors(config: Config, found: Groups) -> Errors:
    """What is to be expected of a config as it is."""
    length = found.interface.length
    elements = config.adapt.elements if config.adapt.enabled else length / found.size_end
    step = STEP[config.time.scheme].at(config.time.tolerance**0.5)
    return Errors(law(config).at(length), MESH.at(1 / elements), step)


def lines(config: Config, wanted: float) -> tuple[str, ...]:
    """Say what errors a config makes, and which values would make them as small as wanted.

    Args:
        config: The config.
        wanted: Accuracy of the way of the tips, as a share of it.

    Raises:
        InputError: Nothing can be said of such an accuracy, or no mesh can be made for it.
    """
    if not FINEST <= wanted <= COARSEST:
        raise InputError(
            f"accuracy {_percent(wanted)}: must be from {_percent(FINEST)} to {_percent(COARSEST)}."
        )
    now = errors(config, groups(config))
    changes, estimate, expected = _cheapest(config, wanted)
    sets = " ".join(f"--set {key}={_written(key, value)}" for key, value in changes.items())
    return (
        f"as it is: {now} of the way of the tips",
        f"for {_percent(wanted)}: {sets}",
        f"it then makes {expected} and costs {cost.text(estimate)}",
        "by the errors of fingers in Li6PS5Cl at 0.10 V; 'converge' measures those of this config.",
        *_left_alone(config),
    )


def _left_alone(config: Config) -> Iterator[str]:
    """Widths that stand for thinner things, whose errors have no law here."""
    widths = {"grain_boundaries.width": config.grain_boundaries, "fracture.length": config.fracture}
    if used := [key for key, section in widths.items() if section is not None]:
        yield f"left as given, with errors that are not counted: {', '.join(used)}"


def _cheapest(config: Config, wanted: float) -> tuple[dict, cost.Cost, Errors]:
    """The cheaper of a mesh that follows the front and one that is fine on its whole way."""
    found, complaint = [], None
    for adaptive in (True, False):
        try:
            changes = _changes(config, wanted, adaptive)
            changed = config.with_(changes)
            its = groups(changed)
            found.append((changes, cost.cost(changed, its), errors(changed, its)))
        except InputError as error:  # no such mesh with these elements, or too large a one
            complaint = complaint or error
    if not found:
        raise complaint
    return min(found, key=lambda one: one[1].seconds)


def _changes(config: Config, wanted: float, adaptive: bool) -> dict:
    """The values with which the errors add up to the wanted one at the least cost.

    A run costs l^-a (l/h)^2 dt^-1, with a = 2 for a mesh that follows the front and a = 3 for
    another. It is cheapest where each error has a share in proportion to its exponent there over
    its order.
    """
    of_length, of_step = law(config), STEP[config.time.scheme]
    sizes = _sizes(
        wanted,
        {
            "l": (of_length, (2 if adaptive else 3) / of_length.order, THICKEST),
            "h/l": (MESH, 2 / MESH.order, 1 / USABLE),
            "dt": (of_step, 1 / of_step.order, LOOSEST**0.5),
        },
    )
    length, elements = _rounded(sizes["l"], floor), _rounded(1 / sizes["h/l"], ceil)
    changes = {
        "phase_field.interface_length": length,
        "time.tolerance": _rounded(sizes["dt"] ** 2, floor),
    }
    if adaptive:
        return changes | {"adapt.enabled": True, "adapt.elements": elements}
    return changes | {
        "adapt.enabled": False,
        "mesh.size_min": _rounded(length / elements, floor),
        "mesh.fine_height": groups(config).tip_end,
    }


def _sizes(wanted: float, terms: dict[str, tuple[Law, float, float]]) -> dict[str, float]:
    """Sizes whose errors add up to the wanted one, in proportion to their weights.

    A size that would be too large is the largest, and the others share what its error leaves.

    Args:
        wanted: Sum of the errors.
        terms: Name -> law, weight of its error, and largest size.
    """
    free, left, sizes = dict(terms), wanted, {}
    while free:
        whole = sum(weight for _, weight, _ in free.values())
        found = {name: its.size_for(left * w / whole) for name, (its, w, _) in free.items()}
        over = [name for name, size in found.items() if size > free[name][2]]
        if not over:
            return sizes | found
        for name in over:
            its, _, largest = free.pop(name)
            sizes[name] = largest
            left -= its.at(largest)
    return sizes


def _rounded(value: float, way) -> float:
    """Round up or down to two digits; what has two already is left alone."""
    unit = 10.0 ** (floor(log10(value)) - 1)
    return float(f"{way(round(value / unit, 9)) * unit:.6g}")


def _written(key: str, value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{si_text(value, 'm')}'" if key in LENGTHS else f"{value:g}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"
