# SPDX-License-Identifier: MIT
"""Layers of a config that name a material take from it what they do not give themselves."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from solver.base import nearest
from solver.materials import MATERIALS
from solver.materials.records import Material

Layer = TypeVar("Layer", bound=BaseModel)


def filled(
    layers: tuple[Layer, ...], T: float, own: dict[str, Material], key: str = "layers"
) -> tuple[Layer, ...]:
    """Return the layers with the properties of their materials.

    Args:
        layers: The layers as given; their class says in `TAKEN` which keys are properties that
            their material must have, and in `IF_KNOWN` which it may have.
        T: Temperature [K].
        own: Materials besides those of the library, by name.
        key: That they stand under in the config.

    Raises:
        ValueError: A material is unknown, or was not measured at T; the message names the key.
    """
    known = {**MATERIALS, **own}
    return tuple(_filled(f"{key}.{i}.material", x, T, known) for i, x in enumerate(layers))


def _filled(key: str, layer: Layer, T: float, known: dict[str, Material]) -> Layer:
    name = layer.material
    if name is None:
        return layer
    if name not in known:
        hint = nearest.hint(name, known, "known: ")
        raise ValueError(f"{key}: '{name}' is no known material; {hint}")
    material = known[name]
    wanted = layer.TAKEN - layer.model_fields_set
    takes = wanted | (layer.IF_KNOWN - layer.model_fields_set)
    found = {k: value.value for k, value in material.values.items() if k in takes}
    if "sigma_ion" in wanted and material.sigma_ion is not None:
        found["sigma_ion"] = _conductivity(key, material, T)
    missing = sorted(wanted - set(found))
    if missing:
        # A default would be the property of another material.
        raise ValueError(
            f"{key}: {', '.join(missing)} of {name} not known; give them in this layer"
        )
    # Not marked as given: they would not follow another T or material.
    return layer.model_construct(set(layer.model_fields_set), **{**dict(layer), **found})


def _conductivity(key: str, material: Material, T: float) -> float:
    try:
        return material.sigma_ion.at(T)
    except ValueError as error:
        raise ValueError(
            f"{key}: the conductivity of {material.name} was {error} (constants.T); give sigma_ion "
            "in this layer"
        ) from None
