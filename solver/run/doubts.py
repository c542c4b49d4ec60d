# SPDX-License-Identifier: MIT
"""What the numbers of a line of scalars.csv say against its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solver.laws.bounds import ASTRAY, BELOW, UNBALANCED


def open_balance(row: Mapping[str, float], column: str, of: str) -> Iterator[tuple[str, str]]:
    """Remark on a balance that is not closed.

    Args:
        row: The line.
        column: Of the balance, relative to what the cell holds.
        of: What is balanced.

    Yields:
        A name of the remark and its sentence, as `Problem.remarks` does.
    """
    share = row[column]
    if abs(share) > UNBALANCED:
        yield column, (
            f"the balance of {of} is open by {share:.1e} of what the cell holds: so much has come "
            f"from nowhere; {column} in scalars.csv says how it goes on"
        )


def astray(row: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Remark on work on cracks that is not found again, if there are any."""
    share = row.get("crack_balance_rel", 0.0)
    if abs(share) > ASTRAY:
        yield "crack_balance_rel", (
            f"{share:.1%} of the work on cracks is neither stored nor spent (crack_balance_rel): "
            "shorter steps, a smaller fracture.tolerance or finer triangles tell whether that "
            "matters"
        )


def negative(row: Mapping[str, float], c0: float) -> Iterator[tuple[str, str]]:
    """Remark on a c that is below 0 by less than what is refused; c0 is the largest [mol/m^3]."""
    lowest = row.get("c_min_mol_m3", 0.0) / c0
    if lowest < -BELOW:
        yield "c_min_mol_m3", (
            f"c falls below 0, to {lowest:.1e} c0: as little as the linear solvers may leave where "
            "Li+ are used up; c_min_mol_m3 in scalars.csv says how it goes on"
        )
