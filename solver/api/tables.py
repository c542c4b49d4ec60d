# SPDX-License-Identifier: MIT
"""The tables of a run folder as data frames with units."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from solver.base.errors import InputError
from solver.output import rows

if TYPE_CHECKING:
    import pandas

UNITS = {
    "_mol_m2_s": "mol/m^2/s", "_mol_m3": "mol/m^3", "_A_per_m2": "A/m^2", "_um2": "um^2",
    "_mAh_per_cm2": "mAh/cm^2", "_um": "um", "_MPa": "MPa", "_V": "V", "_s": "s",
}  # fmt: skip
"""What the end of a column's name says; the first that fits."""


def unit_of(column: str) -> str:
    """Return the unit of a column; "1" for a plain number."""
    return next((unit for end, unit in UNITS.items() if column.endswith(end)), "1")


def without_unit(column: str) -> str:
    """Return the name of a column without what says its unit."""
    end = next((end for end in UNITS if column.endswith(end)), "")
    return column.removesuffix(end)


def read(path: Path) -> pandas.DataFrame:
    """Read a CSV of a run folder; `attrs["units"]` has the unit of every column.

    The last line may be half written where a run is going on or was killed: it is left out.

    Raises:
        InputError: The file is missing or odd, or pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError:
        raise InputError("tables need pandas, which this Python does not have.") from None
    try:
        whole = io.StringIO(rows.whole_lines(path))
        table = pandas.read_csv(whole, float_precision="round_trip")
    except ValueError as error:  # pandas' own errors are ValueErrors
        reason = str(error).splitlines()[0].rstrip(".")
        raise InputError(f"{path}: cannot be read: {reason}.") from None
    table.attrs["units"] = {name: unit_of(name) for name in table.columns}
    return table
