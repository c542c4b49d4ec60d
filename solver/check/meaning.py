# SPDX-License-Identifier: MIT
"""The groups of a config as lines to read: name, formula, value, one sentence of meaning."""

from __future__ import annotations

from math import inf

from solver.base.units import si_text
from solver.check import electrons, flow
from solver.check.cell import cell
from solver.check.cell_lines import of_cell
from solver.check.groups import Groups
from solver.check.line import Line
from solver.input.config import Config
from solver.input.resolution import resolution as mesh_resolution

RESOLVED, USABLE = 4.0, 2.0
"""Elements per interface length: error of the front speed below 1 %, and a few per cent."""


def lines(config: Config, g: Groups) -> list[Line]:
    """Describe all groups of a config in the order in which they matter."""
    if config.is_cell:
        its = cell(config)
        known = (_tail(g), _energy_meant(g))
        own = (*of_cell(its), *electrons.lines(config, its), *flow.lines(config, g))
        return [*_interface(config, g), *own, *known]
    parts = (
        _interface(config, g),
        _front(g),
        _transport(config, g),
        _current(config, g),
        _shape(config, g),
        flow.lines(config, g),
    )
    return [line for part in parts for line in part]


def _interface(config: Config, g: Groups) -> list[Line]:
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
        text += f"; {r.levels} refinements of {si_text(r.edge(0), 'm')}."
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


def _front(g: Groups) -> list[Line]:
    radius = "deposit with a smaller radius shrinks"
    if g.critical_radius < 4.394 * g.interface.length:
        radius += "; below the interface width, so tips are blunted by the interface instead"
    return [
        Line(
            "drive",
            "b = L_eta |B|/(L_sigma W)",
            abs(g.drive),
            "",
            f"{_way(g)} at c = c0 and the anode potential.",
        ),
        Line(
            "kinetic front speed",
            "V = v(b) L_sigma W l",
            g.speed,
            "m/s",
            "planar front while c = c0; v(b) from the exact travelling wave, 6 b for small b.",
        ),
        Line(
            "charge-transfer resistance",
            "R_ct = RT/(6 F^2 c_Li L_eta l)",
            g.R_ct,
            "ohm m^2",
            "of a flat front at c0 and a small overpotential; from `R_ct` or L_eta.",
        ),
        Line("critical radius", "L_sigma kappa_0/V", g.critical_radius, "m", f"{radius}."),
        Line(
            "factor on curvature",
            "chi",
            g.chi,
            "",
            "L_sigma is multiplied by it." if g.chi < 1 else "none; with printed kinetics never.",
        ),
        _tail(g),
    ]


def _way(g: Groups) -> str:
    if g.drive == 0:
        return "nothing drives the front"
    return "plating" if g.drive > 0 else "NO plating: lithium dissolves"


def _tail(g: Groups) -> Line:
    return Line(
        "tail of the front",
        "V_tip l/(chi L_sigma kappa_0)",
        g.tail,
        "",
        "the well shapes the front."
        if g.tail < 2
        else "above 2: the well is too slow to shape a front that moves like this.",
    )


def _transport(config: Config, g: Groups) -> list[Line]:
    return _feeding(config, g) if g.drive > 0 else _leaving(config, g)


def _leaving(config: Config, g: Groups) -> list[Line]:
    """What counts for a film that dissolves or rests: nothing is depleted, no finger grows."""
    gone = config.nuclei.film / g.speed_tip if g.speed_tip else inf
    return [
        Line(
            "film gone after",
            "nuclei.film/|V|",
            gone,
            "s",
            "at the kinetic speed; c at the front rises meanwhile." if g.drive else "never.",
        ),
        Line(
            "transport-limited speed",
            "D c0/(c_Li L)",
            g.speed_diffusion,
            "m/s",
            "at which diffusion across the whole cell takes away c0.",
        ),
    ]


def _feeding(config: Config, g: Groups) -> list[Line]:
    electrons = config.potential.carrier == "electrons"
    limited = abs(g.speed) > g.speed_diffusion + g.speed_migration
    relation = "limits" if limited else "exceeds"
    return [
        Line(
            "Sand's time",
            "pi D c0^2/(4 (c_Li V)^2)",
            g.sand_time,
            "s",
            "c at the front reaches 0 then, if it goes on at the kinetic speed.",
        ),
        Line(
            "transport-limited speed",
            "D c0/(c_Li L)",
            g.speed_diffusion,
            "m/s",
            "what diffusion across the whole cell can feed; with migration it "
            f"{relation} the kinetic speed.",
        ),
        Line(
            "migration-limited speed",
            "D c0 F phi'/(RT (c_Li-c0))",
            g.speed_migration,
            "m/s",
            "what the electric field can feed in addition.",
        ),
        Line(
            "migration over diffusion",
            "F U/RT",
            g.migration,
            "",
            "the field carries more Li+ than diffusion does."
            if g.migration > 1
            else "diffusion carries more Li+ than the field does.",
        ),
        Line(
            "tip speed, estimated",
            "min(V, limits)" if electrons else "min(V, 3 x limits)",
            g.speed_tip,
            "m/s",
            "mean over the way of the tip; "
            + ("flat fronts." if electrons else "fingers gather flux and the gap shrinks."),
        ),
        Line(
            "drive at the tip",
            "b with v(b) = V_tip/(L_sigma W l)",
            g.drive_tip,
            "",
            "depletion lowers b from its value at c0 to this; "
            + ("below 1: near the sharp-interface limit." if g.drive_tip < 1 else "ABOVE 1."),
        ),
    ]


def _current(config: Config, g: Groups) -> list[Line]:
    electrons = config.potential.carrier == "electrons"
    shared = "the voltage is shared." if g.drive else "nothing flows."
    sigma = "sigma_ion" if config.potential.sigma == "ionic" else "sigma_Li"
    carriers = "electrons through the deposit" if electrons else "Li+ through the electrolyte"
    return [
        Line(
            "charge number",
            "Pi = s F c_Li V L/(sigma U)",
            g.charge,
            "",
            f"{carriers}, {sigma}: {_charge_meaning(g.charge)}",
        ),
        Line(
            "current-limited speed",
            "sigma U/(s F c_Li L)",
            g.speed_charge,
            "m/s",
            "what that current can feed across the whole cell; "
            + ("twice that at half the height." if electrons else shared),
        ),
        Line(
            "charge number, printed",
            "with sigma_Li and s = 1",
            g.charge_printed,
            "",
            f"for comparison: the printed conductivity; {_charge_meaning(g.charge_printed)}",
        ),
    ]


def _charge_meaning(charge: float) -> str:
    if charge < 0.1:
        return "the electrolyte takes a negligible part of the voltage."
    if charge <= 10:
        return "kinetics and conduction share the voltage."
    if charge <= 1e3:
        return "conduction, not kinetics, limits the front."
    return "the conductivity cannot carry the current of these kinetics."


def _energy_meant(g: Groups) -> Line:
    return Line(
        "surface energy meant",
        "L_sigma kappa_0 R_ct (F c_Li)^2",
        g.surface_energy,
        "J/m^2",
        "what shifts the equilibrium of a curved front, from `surface_energy` or L_sigma; of "
        "lithium metal about 0.5 J/m^2.",
    )


def _elastic_shift(g: Groups) -> Line:
    shift = "elasticity does not act on the front."
    if g.elastic_shift:
        shift = (
            f"of a flat film; f/(F c_Li) of thermodynamics is {si_text(g.elastic_bound, 'V')}. At "
            f"no voltage it passes {si_text(-g.rest_current, 'A/m^2')}."
        )
    return Line("elastic shift of equilibrium", "f L/(F/RT L_eta)", g.elastic_shift, "V", shift)


def _shape(config: Config, g: Groups) -> list[Line]:
    on = config.mechanics.enabled and config.mechanics.feedback
    electrons = config.potential.carrier == "electrons"
    fingers = f"expected distance of fingers: about {config.width / g.wavelength:.2g} in the width."
    if g.drive <= 0:
        fingers = "a front that does not grow has no fingers."
    elif electrons:
        fingers = "if Li+ limited growth; a resistive deposit stays flat."
    sign = "the deposit shrinks (Li in tension)" if g.vegard < 0 else "the deposit swells"
    return [
        Line(
            "capillary length",
            "d0 = L_sigma kappa_0/(c0 dV/dc)",
            g.capillary_length,
            "m",
            "shift of the interface concentration by curvature, in the linear regime.",
        ),
        _energy_meant(g),
        Line("fastest wavelength", "2 pi sqrt(3 d0 L)", g.wavelength, "m", fingers),
        Line(
            "anisotropy stiffness",
            "min (gamma+gamma'')/gamma_0",
            g.stiffness,
            "",
            "convex: every direction exists."
            if g.stiffness > 0
            else "NOT convex: ill-posed, some directions are missing.",
        ),
        Line(
            "elastic over reaction drive",
            "L_sigma lambda:C_Li:lambda/(L_eta |B|)",
            g.elastic,
            "",
            "of a fully confined deposit; " + ("fed back." if on else "feedback is switched off."),
        ),
        _elastic_shift(g),
        Line("Vegard strain", "sum of lambda_i", g.vegard, "", f"{sign}."),
    ]
