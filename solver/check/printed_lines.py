# SPDX-License-Identifier: MIT
"""Lines on a config of the printed equations: front, transport, current, shape."""

from __future__ import annotations

from math import inf

from solver.base.units import si_text
from solver.check.groups import Groups
from solver.check.interface_lines import energy_meant, tail
from solver.check.line import Line
from solver.input.config import Config


def of_printed(config: Config, g: Groups) -> list[Line]:
    """Describe what drives the front, what feeds it and what shapes it."""
    parts = (_front(g), _transport(config, g), _current(config, g), _shape(config, g))
    return [line for part in parts for line in part]


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
        tail(g),
    ]


def _way(g: Groups) -> str:
    if g.drive == 0:
        return "nothing drives the front"
    return "plating" if g.drive > 0 else "NO plating: lithium dissolves"


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
        energy_meant(g),
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


def _elastic_shift(g: Groups) -> Line:
    shift = "elasticity does not act on the front."
    if g.elastic_shift:
        shift = (
            f"of a flat film; f/(F c_Li) of thermodynamics is {si_text(g.elastic_bound, 'V')}. At "
            f"no voltage it passes {si_text(-g.rest_current, 'A/m^2')}."
        )
    return Line("elastic shift of equilibrium", "f L/(F/RT L_eta)", g.elastic_shift, "V", shift)
