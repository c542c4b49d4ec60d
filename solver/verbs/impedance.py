# SPDX-License-Identifier: MIT
"""The verb `reduce eis`: impedance spectra in, conductivity and charge-transfer resistance out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from solver import __version__
from solver.base import files, launch
from solver.base.errors import InputError
from solver.check import ranges
from solver.input.construction import validated
from solver.input.own_materials import MaterialFile
from solver.input.writing import yaml_text
from solver.laws import circuit, kramers_kronig, reduction
from solver.measured import spectrum
from solver.measured.sample import Measured, Sample
from solver.measured.spectrum import Spectrum
from solver.verbs.reducing import BENT, CONDUCTIVITY, UNDETERMINED

CONTACT = 1e-3
"""Capacitance per area below which an arc is no charge transfer [F/m^2], 0.1 uF/cm^2: Irvine,
Sinclair and West, Adv. Mater. 2 (1990) 132, give 1e-7 to 1e-5 F for an interface of 1 cm^2."""
NOISY = 0.03
"""Residual of the Kramers-Kronig test above which a spectrum is said to be noisy."""


class Result(NamedTuple):
    """A spectrum and what it was reduced to."""

    spectrum: Spectrum
    test: kramers_kronig.Residuals
    fit: circuit.Fit
    T: float | None


def reduce(args: Namespace) -> list[str]:
    """Reduce spectra of one sample, at one temperature each.

    Args:
        args: As `solver.verbs.reducing_arguments` declares them.

    Returns:
        What was read and found, one line each.

    Raises:
        InputError: A spectrum cannot be used, or the arguments do not fit together.
    """
    sample = Sample(args.area, args.thickness, args.interfaces)
    spectra = list(_spectra(args))
    T = args.temperature or [None] * len(spectra)
    if len(T) != len(spectra):
        raise InputError(
            f"--temperature: {len(T)} given for {len(spectra)} spectra; give one for each, in "
            "their order."
        )
    results = [_result(*x, args.circuit) for x in zip(spectra, T, strict=True)]
    lines = [line for x in results for line in _lines(x, sample)]
    known = args.temperature is not None and len(results) > 1
    if known:
        lines += _line_of(results, sample)
    if args.material is not None:
        lines.append(_written(args, results, sample))
    if args.output is not None:
        with launch.needs_libraries():
            from solver.pictures import impedance
        sigma = [sample.conductivity(x.fit).value for x in results]
        line = (np.array(T), np.array(sigma)) if known and len(set(T)) > 2 else None
        impedance.draw([(x.spectrum, x.test, x.fit, x.T) for x in results], line, args.output)
        lines.append(f"figure in {args.output}")
    return lines


def _spectra(args: Namespace) -> Iterator[Spectrum]:
    whole = [spectrum.read(path) for path in args.data]
    total = sum(map(len, whole))
    for path, found in zip(args.data, whole, strict=True):
        if args.spectrum is not None and args.spectrum > len(found):
            raise InputError(f"--spectrum {args.spectrum}: {path} holds {len(found)}.")
        if args.spectrum is not None:
            yield found[args.spectrum - 1]
        elif len(found) == 1 or len(args.temperature or ()) == total:
            yield from found
        else:
            ranges = ", ".join(f"{x.f[0]:.3g} to {x.f[-1]:.3g} Hz" for x in found)
            raise InputError(
                f"{path}: holds {len(found)} spectra ({ranges}); name one by --spectrum, or give "
                "a --temperature for each."
            )


def _result(found: Spectrum, T: float | None, asked: circuit.Circuit | None) -> Result:
    name = found.seen.partition(": spectrum")[0]
    test = kramers_kronig.residuals(found.f, found.Z)
    if test.systematic and kramers_kronig.exchanged(found.f, found.Z, test):
        raise InputError(
            f"{name}: real and imaginary part do not belong together (Kramers-Kronig: "
            f"{100 * test.rms:.2g} % of |Z| are left), but do with each in the place of the other; "
            "are their columns exchanged?"
        )
    try:
        fit = circuit.choose(found.f, found.Z) if asked is None else _asked(asked, found)
    except ValueError as error:
        raise InputError(f"{name}: the spectrum {error}.") from None
    return Result(found, test, fit, T)


def _asked(asked: circuit.Circuit, found: Spectrum) -> circuit.Fit:
    fit = circuit.fit(asked, found.f, found.Z)
    if fit is None:
        raise ValueError(f"has no part for some elements of the circuit {asked}; try a shorter one")
    loose = [name for name, half in fit.halves.items() if half >= fit.values[name]]
    if "R_b" in loose:
        raise ValueError(f"does not determine R_b of the circuit {asked}; try another")
    return fit


# --- what is printed ---------------------------------------------------------------------------


def _lines(x: Result, sample: Sample) -> Iterator[str]:
    at = "" if x.T is None else f", {x.T:g} K"
    yield f"{x.spectrum.seen}{at}"
    yield from (f"  {remark}" for remark in x.spectrum.remarks)
    yield f"  Kramers-Kronig: residual {100 * x.test.rms:.2g} % of |Z|, {_verdict(x.test)}"
    yield f"  circuit {x.fit.circuit}: {', '.join(_elements(x.fit))}"
    if x.fit.residuals.systematic:
        yield (
            f"  MISFIT: the circuit leaves {100 * x.fit.residuals.rms:.2g} % of |Z|, and no noise; "
            "the intervals are those of a circuit that fits, and too narrow"
        )
    sigma = sample.conductivity(x.fit)
    yield f"  sigma = {_shown(sigma, 'S/m')} = {_shown(_times(sigma, 1e-2), 'S/cm')}, 95 %"
    for name in [n for n in x.fit.values if n in ("R_2", "R_ct")]:
        per_area = _shown(_times(sample.per_area(x.fit, name), 1e4), "ohm cm^2")
        yield f"  {name} A = {per_area}, 95 %" + (_of_interfaces(sample) * (name == "R_ct"))
    yield from _remarks(x.fit, sample)


def _verdict(test: kramers_kronig.Residuals) -> str:
    if test.systematic:
        return (
            "and no noise: NOT STATIONARY OR NOT LINEAR; the cell has changed while it was "
            "measured, or the amplitude was too large"
        )
    return "NOISY" if test.rms > NOISY else "noise: passed"


def _elements(fit: circuit.Fit) -> Iterator[str]:
    units = {"L": ("H", 1), "K": ("s^-n ohm", 1)}
    for name, value in fit.values.items():
        unit, factor = units.get(name, ("ohm", 1))
        text = f"{name} = {_shown(Measured(value * factor, fit.halves[name]), unit)}"
        if name in fit.taus:
            text += f" (tau {fit.taus[name]:.3g} s, n {fit.exponent(name):.3f})"
        yield text + (f" (n {fit.exponent(name):.3f})" if name == "K" else "")


def _of_interfaces(sample: Sample) -> str:
    if sample.interfaces is None:
        return "; all interfaces together (--interfaces 2 for a symmetric cell)"
    return f"; one of {sample.interfaces} interfaces"


def _remarks(fit: circuit.Fit, sample: Sample) -> Iterator[str]:
    if not fit.circuit.resistor:
        yield "  R_b is that of the fastest arc: no resistance in series with it is seen"
    if "R_ct" in fit.taus and sample.capacitance(fit, "R_ct") < CONTACT:
        C = 1e2 * sample.capacitance(fit, "R_ct")
        yield (
            f"  R_ct is of an arc of {C:.2g} uF/cm^2, too little for charge transfer: of the bulk "
            "or of grain boundaries; --circuit RQ-Q takes the fastest arc for R_b"
        )
    sigma = sample.conductivity(fit).value
    for sentence in ranges.strange("sigma", sigma, CONDUCTIVITY, "area and thickness have"):
        yield f"  {sentence}"
    if sample.area.half == sample.thickness.half == 0:
        yield "  uncertainty of the fit alone: area and thickness were given without +-"


def _times(x: Measured, factor: float) -> Measured:
    return Measured(x.value * factor, x.half * factor)


def _shown(x: Measured, unit: str) -> str:
    return f"{x.value:.4g} +- {x.half:.2g} {unit}" + (UNDETERMINED if x.half >= x.value else "")


# --- several temperatures, and the material ----------------------------------------------------


def _line(results: list[Result], sample: Sample) -> reduction.ArrheniusFit:
    T = [x.T for x in results]
    try:
        return reduction.arrhenius(T, [sample.conductivity(x.fit).value for x in results])
    except ValueError as error:
        raise InputError(f"--temperature: an Arrhenius line {error}.") from None


def _line_of(results: list[Result], sample: Sample) -> Iterator[str]:
    fit = _line(results, sample)
    T = np.array([x.T for x in results])
    sigma = np.array([sample.conductivity(x.fit).value for x in results])
    bend = reduction.bend(T, sigma)
    bent = bend is not None and bend.chance < BENT
    yield (
        f"E_a = {fit.E_a:.3f} +- {fit.E_a_half:.3f} eV, "
        f"{'not an interval: CURVED, no Arrhenius line' if bent else '95 %'}"
        f"{UNDETERMINED if fit.E_a_half >= fit.E_a else ''}; "
        f"{T.min():g} to {T.max():g} K, scatter {100 * fit.scatter:.2g} %"
    )
    if fit.E_a < 0:
        raise InputError(
            "--temperature: sigma falls with temperature; are they in the order of the spectra?"
        )


def _written(args: Namespace, results: list[Result], sample: Sample) -> str:
    """Write the material; return what is to be said of it."""
    path, name = args.material, args.name or args.material.stem
    if args.temperature is None:
        raise InputError("--material: needs --temperature, at which the spectra were measured.")
    if path.exists() and not args.force:
        raise InputError(f"--material {path}: exists; --force replaces it.")
    names = ", ".join(dict.fromkeys(x.name for x in args.data))
    form = results[0].fit.circuit
    source = f"impedance, {names}; circuit {form}; dendrite {__version__}, {date.today():%Y-%m-%d}"
    entry = {
        "description": f"from impedance spectra of {names}",
        "sigma_ion": {**_sigma_entry(results, sample), "source": source},
    }
    R_ct = _contact(results, sample)
    if R_ct is not None:
        value = {"value": _si(R_ct.value, "ohm*m^2"), "uncertainty": _si(R_ct.half, "ohm*m^2")}
        entry["R_ct"] = {**value, "source": f"{source}, {results[0].T:g} K"}
    validated(MaterialFile, {"materials": {name: entry}}, f"--material {path}")
    head = "# Written by `dendrite reduce eis`; uncertainties are halves of intervals of 95 %.\n"
    try:
        files.replace(path, (head + yaml_text({name: entry})).encode())
    except OSError as error:
        raise InputError(f"--material {path}: cannot be written: {error.strerror}.") from None
    return f"material {name} in {path}: `materials: {path.name}` in a config beside it names it"


def _sigma_entry(results: list[Result], sample: Sample) -> dict:
    sigma = sample.conductivity(results[0].fit)
    T = [x.T for x in results]
    if len(results) == 1:
        return {
            "value": _si(sigma.value, "S/m"), "uncertainty": _si(sigma.half, "S/m"),
            "T": _si(T[0], "K"),
        }  # fmt: skip
    fit, middle = _line(results, sample), sorted(T)[len(T) // 2]
    return {
        "value": _si(float(fit.sigma(middle)), "S/m"), "T": _si(middle, "K"),
        "uncertainty": _si(float(fit.sigma(middle)) * max(fit.scatter, sigma.share), "S/m"),
        "E_a": _si(fit.E_a, "eV"), "range": [_si(min(T), "K"), _si(max(T), "K")],
    }  # fmt: skip


def _contact(results: list[Result], sample: Sample) -> Measured | None:
    """R_ct of one interface at the first temperature, where it is known to be that."""
    fit = results[0].fit
    if sample.interfaces is None or "R_ct" not in fit.taus:
        return None
    found = sample.per_area(fit, "R_ct")
    known = found.half < found.value and sample.capacitance(fit, "R_ct") >= CONTACT
    return found if known else None


def _si(value: float, unit: str) -> str:
    return f"{value:.6g} {unit}"
