# SPDX-License-Identifier: MIT
"""What all sections of a config have in common."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict

from solver.base import text
from solver.input.construction import Spoken, plain

Line = Annotated[str, AfterValidator(text.required_line)]
"""A text that is shown to people."""


class Section(BaseModel, metaclass=Spoken):
    """A section of the config: immutable, and any unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_default=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
    )

    def completed(self, **values) -> Self:
        """Set what validation finds out itself: a validator must return the model that it got."""
        for name, value in values.items():
            object.__setattr__(self, name, value)
        return self

    def given(self) -> dict[str, Any]:
        """Return what was given, in SI, without defaults and what validation found out."""
        names = (name for name in type(self).model_fields if name in self.model_fields_set)
        return {name: plain(getattr(self, name)) for name in names}
