# SPDX-License-Identifier: MIT
"""Sections of a config that say how finely and how long it is solved, and what is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from solver.base.units import duration, quantity, whole
from solver.input.section import Section
from solver.input.sections import Length
from solver.laws.tableau import METHODS


class Mesh(Section):
    """Triangle size, graded with the height above the anode; with `adapt` only size_max counts."""

    size_min: Length = 50e-9
    """Element size at the anode [S1]."""
    size_max: Length = 1e-6
    """Largest element size [S1]."""
    fine_height: quantity("m", ge=0, le=1) = 0.0
    """Height up to which the size stays at `size_min` [ours]."""
    growth: quantity("", gt=0, le=1) = 0.1
    """Increase of the size per unit of height above `fine_height` [ours]."""


class Adapt(Section):
    """A mesh that follows the front from `mesh.size_max` down to l/h, instead of `mesh`'s own."""

    enabled: bool = False
    """Adapt the mesh during the run."""
    elements: quantity("", gt=0, le=100) = 2.0
    """Elements per interface length l/h along the front [ours]."""
    margin: quantity("", gt=0, le=100) = 3.0
    """Way of the fastest part of the front that a mesh serves, in interface lengths [ours]."""
    tolerance: quantity("", gt=0, le=1) = 5e-3
    """Interpolation error of c/c0 and F phi/RT aimed at away from the front [ours]."""


class Time(Section):
    """Time stepping: error-controlled, with reject and retry."""

    scheme: Literal[tuple(METHODS)] = "sdirk2"
    """Alexander's L-stable methods of two stages (order 2) and of three (order 3, no cheaper: to
    check the first), or backward Euler (order 1)."""
    end: quantity("s", gt=0) = 3600.0
    """End of the simulated time. Left out in a config with a protocol: as long as that can take."""
    stop_tip: Length | None = None
    """Stop when the tip has reached this height above the anode."""
    dt_initial: quantity("s", gt=0) = 1e-3
    """First step tried."""
    dt_min: quantity("s", gt=0) = 1e-9
    """A step rejected below this size ends the run (exit code 3)."""
    dt_max: quantity("s", gt=0) = 1e3
    """Largest step; left out, the rests of a protocol are not held to it."""
    tolerance: quantity("", gt=0, le=0.5) = 0.16
    """Largest estimated error per step of xi and, with half the weight, of c/c0. The estimate is
    that of a first-order method: halving 0.16 moves the tip of the quickstart by 2 to 3 %."""
    max_wall: duration(gt=0) | None = None
    """Wall time, e.g. `23h30m`, after which the run ends with a checkpoint (exit code 4), counted
    anew after a restart; null: no limit. `--max-wall` overrides it [ours]."""


class Solver(Section):
    """Numerical tolerances."""

    scheme: Literal["split", "monolithic"] = "split"
    """`split`: one field after the other, repeated in passes until nothing changes. `monolithic`:
    Newton's method for all fields at once, the reference for small meshes."""
    degree: Literal[1, 2] = 1
    """Degree of the elements: 1 is lumped and edge-averaged; 2, for the monolithic scheme only, is
    plain Galerkin, of order 3 in space."""
    pass_tolerance: quantity("", gt=0, le=1e-2) = 3e-3
    """Passes end when what is left of the changes of xi, c/c0 and F phi/RT is less than this."""
    max_passes: whole(ge=1) = 25
    """More passes than this reject the step."""


class Output(Section):
    """What is written, and how often."""

    directory: Annotated[str, Field(min_length=1)] | None = None
    """Run folder; null: results/<name of the config file>. `-o` overrides it."""
    snapshots: whole(ge=1, le=100_000) = 40
    """Field snapshots over the run, at equal time intervals up to `time.end`; with a protocol at
    the ends of its steps, of all or of as many."""
    format: Literal["xdmf", "vtkhdf", "both"] = "xdmf"
    """Of the field snapshots: `fields.xdmf` with the files of `fields/`, or the one file
    `fields.vtkhdf`, or both; a run goes on in the format that it began with [ours]."""
    checkpoint_steps: whole(ge=1) | None = 100
    """Steps from one checkpoint to the next; null: none by steps [ours]."""
    checkpoint_minutes: quantity("", gt=0) | None = 10.0
    """Wall time in minutes from one checkpoint to the next at most; null: none by time [ours]."""
    checkpoints_kept: whole(ge=1, le=10_000) = 3
    """Checkpoints kept; older ones are removed [ours]."""
    figure: bool = True
    """Leave figure.png, a picture of the fields at the end; `plot` draws it later too [ours]."""
    report: bool = True
    """Leave report.html, a page with pictures and curves for a browser [ours]."""
