# SPDX-License-Identifier: MIT
"""Lithium in the electrolyte at the start, disks and full regions: how it drifts, what it is near.

A full region counts as the ellipse of its moments, with its axes along and across the cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np

from solver.base.units import si_text
from solver.cell import regions
from solver.check import equivalent
from solver.check.cell import Cell
from solver.check.groups import Groups
from solver.check.line import Line
from solver.input import electrochemistry, geometry_files, seeded
from solver.input.config import Config
from solver.input.deposit import Island
from solver.input.sections import Layer, Region
from solver.laws import island
from solver.laws.island import Ellipse
from solver.laws.salt import diffusion_potential

THIN = 3.0
"""A film, half-disk or island thinner than this many l has no bulk: xi stays below 0.95 in it. Two
of them that are nearer to each other are not apart."""
BESIDE = 3
"""Pixels round a full region that say which electrolyte it is in."""
TILTED = 0.3
"""Correlation of x and y in a piece from which on it is no ellipse along the cell."""
ALONE = 1 / 3
"""Share of the cell's width that an island may fill and count as alone: a row of disks as wide as
that drifts 9 % slower than one, by the dipoles of the others."""


class Body(NamedTuple):
    """A piece of lithium that is not the anode's.

    Attributes:
        name: In words.
        shape: Its half axes [m].
        around: The layer or region that it is in.
        share: Of the cell's width, that a disk of its dipole fills.
        tilt: Correlation of x and y in it; 0 with its axes along and across the cell.
    """

    name: str
    shape: Ellipse
    around: Layer | Region
    share: float
    tilt: float = 0.0


def disk(config: Config, number: int) -> Body:
    """The island of a number, from 1 on."""
    its, width = config.nuclei.islands[number - 1], config.width
    share = (min(its.x + its.radius, width) - max(its.x - its.radius, 0.0)) / width
    return Body(f"island {number}", Ellipse(its.radius, its.radius), around(config, its), share)


def full(config: Config) -> Body | None:
    """The largest piece of the regions that are full of lithium; None without any.

    None also where it reaches from side to side: all of the current passes it.
    """
    if not config.nuclei.regions:
        return None
    depth, pixel = seeded.depths(config, config.nuclei.regions)
    piece, count = seeded.pieces(depth)
    if not count:
        return None
    sizes = np.bincount(piece.ravel())[1:]
    inside = piece == 1 + sizes.argmax()
    walls = inside[:, 0].any(), inside[:, -1].any()
    if all(walls):
        return None
    y, x = ((np.array(at) + 0.5) * pixel for at in np.nonzero(inside))
    # A side is a mirror: what touches it is half of an ellipse.
    middle = 0.0 if walls[0] else config.width if walls[1] else x.mean()
    shape = Ellipse(2 * sqrt(np.mean((x - middle) ** 2)), 2 * float(y.std()))
    name = f"the lithium of {' and '.join(config.nuclei.regions)}"
    if count > 1:
        name += f", the largest of {count} pieces"
    # The dipole of an ellipse goes with b (a + b)/2, that of a disk with a^2.
    alike = sqrt(shape.half_height * (shape.half_width + shape.half_height) / 2)
    share = max(float(inside.any(axis=0).mean()), 2 * alike / config.width)
    at_a_side = any(walls) or min(np.ptp(x), np.ptp(y)) == 0
    tilt = 0.0 if at_a_side else float(np.corrcoef(x, y)[0, 1])
    return Body(name, shape, _beside(config, inside), share, tilt)


def _beside(config: Config, inside: np.ndarray) -> Region:
    """The region that most of what is next to a piece is of, full ones left out."""
    from scipy.ndimage import binary_dilation

    its = geometry_files.labelled(config)
    ring = its.label[binary_dilation(inside, iterations=BESIDE) & ~inside]
    count = np.bincount(ring, minlength=len(its.regions)).tolist()
    names = [x.name for x in config.regions]
    beside = {name: 0 for name in names}
    for name, pixels in zip(its.regions, count, strict=True):
        beside[name] += pixels * (name not in config.nuclei.regions)
    return config.regions[names.index(max(beside, key=beside.get))]


def drift(config: Config, its: Cell, body: Body) -> Line:
    """How a body moves, in a salt once this has its dipole round it."""
    k, layer, shape = config.constants, body.around, body.shape
    charge = k.F * config.lithium.c_Li
    by_kinetics = its.current, shape, layer.sigma_ion * its.R_ct, charge
    round_one = shape.aspect == 1
    plates, resists = ("2 i", "sigma R/a") if round_one else ("(1 + k) i", "k sigma R/m")
    found, when = island.drift(*by_kinetics), ""
    if config.binary:
        t_plus = config.electrochemistry.t_plus
        A = diffusion_potential(t_plus, k.F / (k.R * k.T))
        salt = layer.sigma_ion * A * (1 - t_plus) / (k.F * layer.D * layer.c0)
        resists = f"S + {resists}"
        when = (
            f" S = sigma A (1 - t_+)/(F D c0) = {salt:.3g} holds it back once c round it has "
            f"changed, after about a^2/D = {si_text(max(shape) ** 2 / layer.D, 's')}; at first it "
            f"drifts by {si_text(found, 'm/s')}."
        )
        found = island.drift(*by_kinetics, salt)
    meaning = (
        f"towards the counter electrode{place(config, layer)}: it plates on that side, strips on "
        f"the other.{_shape(shape)}{_tilted(body.tilt)}{_alone(body.share)}{when}"
    )
    formula = f"{plates}/(F c_Li (1 + {resists}))"
    return Line(f"drift of {body.name}", formula, found, "m/s", meaning)


def _shape(shape: Ellipse) -> str:
    """What is not round, in words."""
    if shape.aspect == 1:
        return ""
    width, height = (si_text(2 * x, "m") for x in shape)
    return (
        f" It counts as an ellipse {width} wide and {height} high, k = {shape.aspect:.3g} times as "
        f"high as wide, with m = {si_text(shape.mean, 'm')}."
    )


def _tilted(tilt: float) -> str:
    """Say that a piece stands askew, if it does."""
    if abs(tilt) <= TILTED:
        return ""
    return (
        " It stands askew in the cell: it plates along its length, drifts sideways too, and faster "
        "than this number says, which is of one along or across the cell."
    )


def _alone(share: float) -> str:
    """Say how much of the cell's width a body fills, where it is not as if alone."""
    if share <= ALONE:
        return ""
    return (
        f" That is for one alone in a wide cell: this one draws current as a disk that takes "
        f"{share:.0%} of the width, where it cannot come together from the sides, nor go round."
    )


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield what lithium in the electrolyte is too near to."""
    length = g.interface.length
    yield from _joined(config.nuclei.islands, length)
    yield from _at_electrodes(config, length)
    if config.nuclei.regions and config.is_cell:
        yield from _of_regions(config, length)


def _joined(islands: tuple[Island, ...], length: float) -> Iterator[str]:
    """Say which islands are one from the start, or as good as one."""
    for (i, one), (j, other) in combinations(enumerate(islands), 2):
        gap = hypot(one.x - other.x, one.y - other.y) - one.radius - other.radius
        yield from _near(f"nuclei.islands.{i} and {j}", gap, length)


def _near(pair: str, gap: float, length: float) -> Iterator[str]:
    if gap < 0:
        yield f"{pair} overlap: they are one island from the start."
    elif gap < THIN * length:
        yield (
            f"{pair} are {si_text(gap, 'm')} apart, less than 3 l = "
            f"{si_text(THIN * length, 'm')}: their interfaces overlap, and they may join."
        )


def _at_electrodes(config: Config, length: float) -> Iterator[str]:
    for i, its in enumerate(config.nuclei.islands):
        key, low = f"nuclei.islands.{i}", its.y - its.radius
        yield from _at_the_front(key, low - config.nuclei.top, length)
        if its.y + its.radius >= electrochemistry.touching(config):
            yield (
                f"{key} is within {electrochemistry.NEAR:g} l of the counter electrode, which is "
                "a short circuit: the run ends at once."
            )


def _at_the_front(key: str, gap: float, length: float) -> Iterator[str]:
    near = THIN * length
    if gap < near:
        yield (
            f"{key} begins {si_text(gap, 'm')} above the anode's deposit, less than 3 l = "
            f"{si_text(near, 'm')}: their interfaces overlap, and they may join."
        )


def _of_regions(config: Config, length: float) -> Iterator[str]:
    """The same of regions that are full of lithium."""
    depth, pixel = seeded.depths(config, config.nuclei.regions)
    named = f"nuclei.regions: the lithium of {' and '.join(config.nuclei.regions)}"
    rows = np.flatnonzero((depth > 0).any(axis=1))
    if len(rows):
        yield from _at_the_front(named, rows[0] * pixel - config.nuclei.top, length)
    (_, count), (_, apart) = (seeded.pieces(depth + x) for x in (0.0, 0.5 * THIN * length))
    if apart < count:
        yield (
            f"{named} is {count} pieces, some less than 3 l = {si_text(THIN * length, 'm')} from "
            "each other: their interfaces overlap, and they may join."
        )
    for i, its in enumerate(config.nuclei.islands):
        at = np.array([its.y, its.x]) / pixel
        row, column = np.minimum(at.astype(int), np.array(depth.shape) - 1)
        pair = f"nuclei.islands.{i} and the lithium of {' and '.join(config.nuclei.regions)}"
        yield from _near(pair, -depth[row, column] - its.radius, length)


def place(config: Config, around: Layer | Region) -> str:
    """Which region that is; layers are told by their height."""
    return f" in the region {around.name}" if config.geometry is not None else ""


def around(config: Config, seed: Island) -> Layer | Region:
    """The layer or region that the middle of an island is in; boundaries are left out."""
    if config.geometry is not None:
        return config.regions[regions.region_at(config, np.array([[seed.x, seed.y]]))[0]]
    top = 0.0
    for layer in equivalent.stack(config):
        top += layer.thickness
        if seed.y <= top:
            return layer
    return equivalent.stack(config)[-1]
