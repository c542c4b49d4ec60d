# SPDX-License-Identifier: MIT
"""Sections made by hand, in Python: the same sentences about mistakes as for a file."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from solver.base.errors import InputError
from solver.input.complaints import complaints


class Spoken(type(BaseModel)):
    """The class of all sections, so that `Layer(...)` raises an InputError.

    Validation of nested data does not come through here: its mistakes keep their place.
    """

    def __call__(cls, **values: Any) -> Any:
        """Make a section of values as in a file, or of other sections.

        Raises:
            InputError: A value cannot be used; one line per mistake.
        """
        return validated(cls, plain(values), cls.__name__)


def validated(model: type[BaseModel], data: dict, name: str, sources: dict | None = None) -> Any:
    """Validate the data of a section or of a whole config.

    Args:
        model: Its class.
        data: Plain values; what they lack has defaults.
        name: What stands before the sentence on a mistake.
        sources: What stands there instead for some dotted keys.

    Raises:
        InputError: A value cannot be used; one line per mistake.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = complaints(error, data, model)
        lines = [f"{(sources or {}).get(key, name)}: {sentence}" for key, sentence in found]
        raise InputError("\n".join(dict.fromkeys(lines))) from None


def plain(value: Any) -> Any:
    """Return a value as a file would hold it: sections become what was given of them."""
    if isinstance(value, BaseModel):
        return value.given()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return value
