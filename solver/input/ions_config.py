# SPDX-License-Identifier: MIT
"""The input of `physics: transport`: one YAML file, every quantity in SI."""

from __future__ import annotations

from pydantic import model_validator

from solver.input import ions_checks
from solver.input.ions_sections import Layer, StackConfig
from solver.input.own_materials import records
from solver.laws import reduction
from solver.materials.layers import filled


class TransportConfig(StackConfig):
    """A whole run of ion transport."""

    @model_validator(mode="after")
    def _values_complete(self) -> TransportConfig:
        """Take what layers leave out from materials and from the conductivity, then check."""
        self.completed(layers=filled(self.layers, self.constants.T, records(self.materials)))
        problems = list(ions_checks.problems(self))
        if problems:
            raise ValueError("\n".join(problems))
        layers = tuple(self._with_diffusivities(layer) for layer in self.layers)
        return self.completed(layers=layers)

    def _with_diffusivities(self, layer: Layer) -> Layer:
        if layer.D is not None:
            return layer
        k, D = self.constants, {}
        for s in self.species:
            share = layer.t_plus if s.charge > 0 else 1 - layer.t_plus
            D[s.name] = reduction.diffusivity(
                layer.sigma_ion, share, s.charge, layer.c0[s.name], k.T, k.F, k.R
            )
        # Not marked as given: it would not follow another conductivity.
        return layer.model_construct(layer.model_fields_set - {"D"}, **{**dict(layer), "D": D})
