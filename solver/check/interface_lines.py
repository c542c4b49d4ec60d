# SPDX-License-Identifier: MIT
"""Lines on the interface and its elements, which every config has."""

from __future__ import annotations

from solver.base.units import si_text
from solver.check.groups import Groups
from solver.check.line import Line
from solver.input.config import Config
from solver.input.resolution import resolution as mesh_resolution

RESOLVED, USABLE = 4.0, 2.0
"""Elements per interface length: error of the front speed below 1 %, and a few per cent."""

THINNEST = 1e-9
"""Least interface length to advise [m], three lattice constants of lithium, 0.351 nm: an order of
magnitude below the 15.3 nm of the printed parameters, the thinnest interface here [ours]."""


def thinner(length: float, absurd: str) -> str:
    """What makes an interface thin enough that may be as thick as a length.

    Args:
        length: The length [m].
        absurd: What is, where no interface is as thin.
    """
    if length >= THINNEST:
        return f"use phase_field.interface_length <= {si_text(length, 'm')}"
    return (
        f"no interface is as thin as that, {length * 1e9:.2g} nm: {absurd} is absurd; see whether "
        "its unit is right"
    )


def of_interface(config: Config, g: Groups) -> list[Line]:
    """Describe the interface and its elements."""
    p = g.interface
    return [
        Line(
            "interface length",
            "l = sqrt(kappa_0/2W)",
            p.length,
            "m",
            "length scale of the profile 1/(1+exp(x/l)).",
        ),
        Line("10-90 % width", "4.394 l", 4.394 * p.length, "m", "what a plot of xi shows."),
        *_elements(config, g),
        Line("rescaling", "f = l/l_given", p.factor, "", _rescaling_meaning(p.factor)),
        Line(
            "surface energy",
            "sqrt(2 kappa_0 W)/6",
            p.surface_energy,
            "J/m^2",
            "not changed by the rescaling.",
        ),
    ]


def _elements(config: Config, g: Groups) -> list[Line]:
    p, fine = g.interface, config.mesh.fine_height
    if config.adapt.enabled:
        r = mesh_resolution(config)
        text = f"{resolution(p.length / r.size)} (4: front speed within 1 %)"
        times = "refinement" if r.levels == 1 else "refinements"
        text += f"; {r.levels} {times} of {si_text(r.edge(0), 'm')}."
        return [Line("elements at the front", "l/h, everywhere", p.length / r.size, "", text)]
    fine_part = f"up to {si_text(fine, 'm')}" if fine else "at the anode (no fine part)"
    return [
        Line(
            "elements at the start",
            "l/h, top of nuclei",
            p.length / g.size_start,
            "",
            f"{resolution(p.length / g.size_start)} (4: front speed within 1 %).",
        ),
        Line(
            "elements in fine part",
            "l/h, y <= fine_height",
            p.length / g.size_fine,
            "",
            f"{resolution(p.length / g.size_fine)} {fine_part}.",
        ),
        Line(
            "elements at the end",
            "l/h, end of the way",
            p.length / g.size_end,
            "",
            f"{resolution(p.length / g.size_end)} at {si_text(g.tip_end, 'm')}.",
        ),
    ]


def resolution(elements: float) -> str:
    """Judge the number of elements per interface length."""
    if elements >= RESOLVED * 0.999:
        return "resolved"
    return "usable" if elements >= USABLE * 0.999 else "NOT resolved"


def _rescaling_meaning(factor: float) -> str:
    if factor == 1:
        return "the interface is as thick as the given kappa_0 and W make it."
    return "L_sigma kappa_0, L_eta l and the surface energy are kept; the drive grows by f."


def tail(g: Groups) -> Line:
    """Whether the well shapes the front."""
    return Line(
        "tail of the front",
        "V_tip l/(chi L_sigma kappa_0)",
        g.tail,
        "",
        "the well shapes the front."
        if g.tail < 2
        else "above 2: the well is too slow to shape a front that moves like this.",
    )


def energy_meant(g: Groups) -> Line:
    """The surface energy that the kinetics give the curvature."""
    return Line(
        "surface energy meant",
        "L_sigma kappa_0 R_ct (F c_Li)^2",
        g.surface_energy,
        "J/m^2",
        "what shifts the equilibrium of a curved front, from `surface_energy` or L_sigma; of "
        "lithium metal about 0.5 J/m^2.",
    )
