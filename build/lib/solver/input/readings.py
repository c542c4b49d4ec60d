# SPDX-License-Identifier: MIT
"""The readings of Table S1's conductivities, as presets of the section `potential`.

The printed sigma_Li, 3.73e-9 S/cm, has the size of an electronic conductivity and can carry a
millionth of the current of the printed kinetics, so that the equations cannot be run word for
word; docs/reproduction/chen2025.md has the argument.
"""

from __future__ import annotations

from typing import Any

CHARGE_SCALE = 7.9205e-6
"""s of `electron_limited`, by the rule Pi = s F c_Li V L/(sigma_Li U) = 10 with V the kinetic
speed of the printed interface, 0.2555 um/s, and L half the height of the cell, 25 um, in Model 1:
the deposit's resistance then limits the front. Models 2 and 3 keep this s."""

PRESETS = {
    "ionic": {"source": "xi", "carrier": "ions", "charge_scale": 1.0, "sigma": "ionic"},
    "electron_limited": {
        "source": "h",
        "carrier": "electrons",
        "charge_scale": CHARGE_SCALE,
        "sigma": "printed",
    },
    "printed": {"source": "xi", "carrier": "ions", "charge_scale": 1.0, "sigma": "printed"},
}


def spelt_out(data: Any) -> Any:
    """Complete the section `potential` of an unvalidated config by the preset of its reading.

    Args:
        data: What the user wrote; left as it is where it is malformed, for the validation to say.

    Returns:
        The data with every value of the preset that it does not give itself.
    """
    if not isinstance(data, dict):
        return data
    reading, given = data.get("reading", "ionic"), data.get("potential", {})
    if not isinstance(given, dict) or not isinstance(reading, str) or reading not in PRESETS:
        return data
    return {**data, "potential": {**PRESETS[reading], **given}}
