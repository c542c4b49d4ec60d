# SPDX-License-Identifier: MIT
"""What the numbers of a line of scalars.csv say against its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solver.laws.bounds import ASTRAY, BELOW, SMALL_STRAIN, UNBALANCED


def of_cell(row: Mapping[str, float], c0: float) -> Iterator[tuple[str, str]]:
    """Remark on whatever a line of a cell of lithium says; c0 is the largest [mol/m^3]."""
    yield from open_balance(row, "li_balance_rel", "lithium")
    yield from negative(row, c0)
    yield from astray(row)
    yield from gaping(row)


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


def gaping(row: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Remark on cracks whose faces are too far apart for small strains, if there are any.

    All cracks together: one that gapes beside others that rest is seen later.
    """
    way, opened = row.get("crack_um", 0.0), row.get("crack_opened_um2", 0.0)
    if 0 < SMALL_STRAIN * way**2 < opened:
        yield "crack_opened_um2", (
            f"cracks of {way:.3g} um are open by {opened:.3g} um2, {opened / way**2:.2g} of their "
            "length in the mean: strains are not small there, so that openings and work no longer "
            "mean much, and a part that is cut off is held by nothing"
        )


def negative(row: Mapping[str, float], c0: float) -> Iterator[tuple[str, str]]:
    """Remark on a c that is below 0 by less than what is refused; c0 is the largest [mol/m^3]."""
    lowest = row.get("c_min_mol_m3", 0.0) / c0
    if lowest < -BELOW:
        yield "c_min_mol_m3", (
            f"c falls below 0, to {lowest:.1e} c0: as little as the linear solvers may leave where "
            "Li+ are used up; c_min_mol_m3 in scalars.csv says how it goes on"
        )
