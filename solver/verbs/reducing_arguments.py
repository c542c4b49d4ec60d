# SPDX-License-Identifier: MIT
"""Arguments of the verb `reduce`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from solver.verbs import arguments

if TYPE_CHECKING:
    from solver.laws.circuit import Circuit
    from solver.measured.sample import Measured

TABLES = {
    "conductivity": "sigma of R_b, L and A",
    "arrhenius": "activation energy of T and sigma",
    "transference": "t_Li of I_0, I_ss, R_0, R_ss and dV, by Bruce and Vincent",
    "diffusivity": "D of sigma, t, c, T and z, by Nernst and Einstein",
    "pouch_cell": "energy of areal_capacity, voltage, areal_mass and thickness",
}
"""Kinds that read a table; repeated from solver.verbs.reducing, which imports numpy."""


def add(parser: ArgumentParser) -> None:
    """Add the kinds of reduction, each with its arguments."""
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for name, summary in TABLES.items():
        table = kinds.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        table.add_argument("data", metavar="FILE.csv", type=Path, help="columns 'symbol [unit]'")
        table.add_argument("-o", "--output", metavar="FILE.png", type=Path, help="of the fit")
    summary = "conductivity and charge-transfer resistance of impedance spectra"
    _add_eis(kinds.add_parser("eis", help=summary, description=summary, allow_abbrev=False))


def _add_eis(parser: ArgumentParser) -> None:
    parser.add_argument("data", metavar="FILE", type=Path, nargs="+", help="of an instrument")
    parser.add_argument(
        "--area", type=partial(_measured, unit="m^2"), required=True,
        help="of the electrodes, with its unit: '0.785 cm^2', '0.785 +- 0.01 cm^2'",
    )  # fmt: skip
    parser.add_argument(
        "--thickness", type=partial(_measured, unit="m"), required=True,
        help="of the electrolyte, alike: '1 mm +- 2 %%'",
    )  # fmt: skip
    parser.add_argument(
        "--temperature", metavar="T", nargs="+", type=_temperature,
        help="of each spectrum, with its unit: '25 degC' '40 degC'",
    )  # fmt: skip
    parser.add_argument(
        "--circuit",
        type=_circuit,
        help="[L-]R or [L-]RQ, up to two -RQ, -Q or -W; default: chosen and said",
    )
    parser.add_argument("--interfaces", type=int, choices=(1, 2), help="equal ones that R_ct is of")
    parser.add_argument(
        "--spectrum", metavar="N", type=arguments.count, help="of files that hold several, from 1"
    )
    parser.add_argument("-o", "--output", metavar="FILE.png", type=Path, help="figure")
    parser.add_argument(
        "--material", metavar="FILE.yaml", type=Path, help="write a material that configs can name"
    )
    parser.add_argument("--name", help="of the material; default: that of its file")
    parser.add_argument("--force", action="store_true", help="replace an existing material file")


def _measured(text: str, unit: str) -> Measured:
    from solver.measured.sample import Measured  # slow to import, as below

    try:
        return Measured.read(text, unit)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' {error}") from None


def _temperature(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = None
    from solver.base.units import to_si

    if number is not None:
        raise ArgumentTypeError(f"'{text}' has no unit; write '{text} degC' or '{text} K'")
    try:
        found = to_si(text, "K")
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' {error}") from None
    if not 100 <= found <= 2000:
        raise ArgumentTypeError(f"'{text}' would be {found:g} K; is its unit right?")
    return found


def _circuit(text: str) -> Circuit:
    from solver.laws.circuit import Circuit

    try:
        return Circuit.read(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
