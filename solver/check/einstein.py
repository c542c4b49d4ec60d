# SPDX-License-Identifier: MIT
"""Conductivity, diffusivity and concentration that Nernst and Einstein would not have together."""

from __future__ import annotations

from collections.abc import Iterator

from solver.base.units import si_text
from solver.check.groups import Groups
from solver.input.config import Config

FAR = 3.0
"""Ratio beyond which a conductivity and a diffusivity speak of different ions: Haven ratios and
thermodynamic factors are nearer to 1."""


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield a sentence for every layer of which both count and contradict each other."""
    if config.single_ion or config.potential.sigma != "ionic":
        return  # only one of them counts
    k = config.constants
    for i, layer in enumerate(config.parts):
        ions = k.F * k.F / (k.R * k.T) * layer.D * layer.c0
        name = "F^2 D c0/RT"
        if config.binary:
            t = config.electrochemistry.t_plus
            if t in (0, 1):
                continue
            # D is the salt's: 2 D_+ D_-/(D_+ + D_-).
            ions, name = ions / (2 * t * (1 - t)), "F^2 D c0/(2 t_+ (1 - t_+) RT)"
        ratio = layer.sigma_ion / ions
        if not 1 / FAR <= ratio <= FAR:
            yield (
                f"{config.parts_key}.{i}: sigma_ion {layer.sigma_ion:.3g} S/m is {ratio:.2g} times "
                f"{name}, {ions:.3g} S/m, the conductivity of ions that diffuse so in a dilute "
                f"ideal solution; {_meaning(config, ratio, si_text(layer.D * ratio, 'm^2/s'))}"
            )


def _meaning(config: Config, ratio: float, D: str) -> str:
    if config.binary:
        return f"D {D} would be that of sigma_ion; the diffusion potential is that of ideality."
    which = "D and c0 feed the front, and sigma_ion only shares out the voltage"
    if ratio < 1:
        which = "the voltage falls by sigma_ion, although ions that diffuse so would conduct better"
    return f"{which}. D {D} would be that of sigma_ion."
