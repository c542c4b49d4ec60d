# SPDX-License-Identifier: MIT
"""What is doubtful about the temperature of a config."""

from __future__ import annotations

from collections.abc import Iterator

from solver.check.groups import Groups
from solver.input.activated import activated_values
from solver.input.config import Config
from solver.input.sections import Constants

COLD = 200.0
"""No cell is run below this temperature [K]; a number without a unit was meant in degC."""
NEAR = 5.0
"""Distance from the temperature of the defaults [K] up to which they are taken as they are."""
ZERO = 273.15
"""0 degC [K]."""


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield the warnings on `constants.T` and the temperatures of values that follow it."""
    T = config.constants.T
    yield from cold(T)
    for key, known_at in _known_at(config):
        yield from cold(known_at, key)
    left = list(_fixed(config))
    if abs(T - Constants.model_fields["T"].default) > NEAR and left:
        yield (
            f"constants.T is {T:g} K, but {', '.join(left)} would be the same at any temperature: "
            "give such values with their own temperature and activation energy, in a section "
            "`activated` beside them."
        )


def cold(T: float, key: str = "constants.T") -> Iterator[str]:
    """Say that no cell is as cold as the T [K] of a key, if so."""
    if T < COLD:
        yield (
            f"{key} is {T:g} K, which is {T - ZERO:g} degC; a number without a unit is in K: "
            f"write '{T:g} degC' if you mean that."
        )


def _known_at(config: Config) -> Iterator[tuple[str, float]]:
    """Keys of the temperatures that values with an activation energy are known at, and these."""
    sections = {f"{config.parts_key}.{i}": layer for i, layer in enumerate(config.parts)}
    sections |= {x: getattr(config, x) for x in ("phase_field", "electrochemistry")}
    for name, section in sections.items():
        for key, value in activated_values(section):
            yield f"{name}.activated.{key}.T", value.T


def _fixed(config: Config) -> Iterator[str]:
    """Keys of properties that count here and do not follow the temperature."""
    for i, layer in enumerate(config.parts):
        for key in ("sigma_ion",) if config.single_ion else ("sigma_ion", "D"):
            of_material = layer.material and key not in layer.model_fields_set
            if not of_material and getattr(layer.activated, key, None) is None:
                yield f"{config.parts_key}.{i}.{key}"
    if getattr(config.phase_field.activated, "R_ct", None) is None:
        yield f"phase_field.{'L_eta' if config.phase_field.R_ct is None else 'R_ct'}"
    cell = config.electrochemistry
    if cell.counter_R_ct is not None and cell.activated is None:
        yield "electrochemistry.counter_R_ct"
