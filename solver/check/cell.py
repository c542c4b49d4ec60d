# SPDX-License-Identifier: MIT
"""What a cell with a current and a voltage shows at the start, while its front is flat."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi, sqrt

from solver.check.gap import gap
from solver.check.salt import Salt, salt
from solver.input import electrochemistry
from solver.input.config import Config
from solver.input.protocol_steps import Control
from solver.laws import scaling
from solver.laws.electrode import Electrode

HALVINGS = 200
"""Of the bracket of a current: more than a double has digits."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A flat front on the nuclei's film, a gap of electrolyte and the counter electrode, SI.

    Attributes:
        ohmic: Resistance of the electrolyte in the gap [ohm m^2].
        R_ct: Charge-transfer resistance of the front at a small overpotential [ohm m^2].
        R_counter: That of the counter electrode; 0 if it is reversible [ohm m^2].
        voltage: Cell voltage [V].
        current: Current density [A/m^2]; positive plates at the anode.
        speed: Of the front [m/s].
        equivalent: The way through the electrolyte that resists as much as the front does at this
            current: sigma R, and less where the salt on it does so too [m].
        front: Potential of the ions at the front over that of the anode's metal [V].
        shortest: Wavelength of the ripple that neither grows nor decays, far from the electrodes;
            shorter ones decay. Infinite where all of them do [m].
        salt: What the salt of a binary electrolyte allows; None with `closure: single_ion`.
    """

    ohmic: float
    R_ct: float
    R_counter: float
    voltage: float
    current: float
    speed: float
    front: float
    equivalent: float
    shortest: float
    salt: Salt | None

    @property
    def resistance(self) -> float:
        """dU/di at a small current [ohm m^2]."""
        return self.ohmic + self.R_ct + self.R_counter


def cell(config: Config) -> Cell:
    """Derive the numbers of a config of a cell at its largest current.

    That is the largest of all steps of its protocol, with the deposit of the start.
    """
    steps = electrochemistry.steps(config)
    ends = {(x.control, x.at(x.duration)) for x in steps if x.slope and x.duration < inf}
    held = dict.fromkeys((*((step.control, step.value) for step in steps), *sorted(ends)))
    return max((at(config, *x) for x in held), key=lambda found: abs(found.current))


def at(config: Config, control: Control, value: float, film: float | None = None) -> Cell:
    """Derive the numbers of a config of a cell at a voltage or a current, with c = c0.

    Args:
        config: The config.
        control: What is held.
        value: At which value [V or A/m^2].
        film: Thickness of the deposit [m]; None: at the start.
    """
    k, given, i = config.constants, config.electrochemistry, scaling.interface(config.phase_field)
    F_RT, charge = k.F / (k.R * k.T), k.F * config.lithium.c_Li
    alpha = config.kinetics.alpha
    electrodes = [Electrode(6 * charge * i.L_eta * i.length, alpha, F_RT)]
    if given.counter_R_ct is not None:
        # It dissolves where the front plates: the exponents change places.
        electrodes.append(Electrode.of_resistance(given.counter_R_ct, 1 - alpha, F_RT))
    space = gap(config, config.nuclei.film if film is None else film)
    if control == "voltage":
        voltage, current = value, _current(value, space.ohmic, electrodes)
    else:
        current = value
        voltage = current * space.ohmic + sum(x.drive(current) for x in electrodes)
    front, curvature, shortest = electrodes[0], i.L_sigma * i.kappa_0, inf
    found = salt(config, space, electrodes, current) if config.binary else None
    hindrance = front.conductance(front.drive(current)) / space.sigma
    equivalent = 1 / (hindrance + (found.hindrance if found else 0.0))
    if current > 0:
        shortest = 2 * pi * sqrt(equivalent * charge * curvature / current)
    return Cell(
        ohmic=space.ohmic,
        R_ct=1 / front.conductance(0.0),
        R_counter=given.counter_R_ct or 0.0,
        voltage=voltage,
        current=current,
        speed=current / charge,
        front=front.drive(current),
        equivalent=equivalent,
        shortest=shortest,
        salt=found,
    )


def _current(voltage: float, ohmic: float, electrodes: list[Electrode]) -> float:
    """Current density at a voltage [A/m^2]."""
    low, high = sorted((0.0, voltage / ohmic))
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if middle * ohmic + sum(x.drive(middle) for x in electrodes) < voltage:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
