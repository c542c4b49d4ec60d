# SPDX-License-Identifier: MIT
"""Impedance files as instruments write them, of a cell whose properties are known.

    python3 -m benchmarks.data_reduction.made_eis benchmarks/data_reduction/eis

writes the three spectra of docs/howto_impedance.md: Li | electrolyte | Li, 1 mm thick, 0.785 cm^2,
at 25, 40 and 60 degC, with 0.3 % of noise.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from solver.laws.reduction import K_B

AREA, THICKNESS = 0.785e-4, 1e-3
SIGMA, E_SIGMA = 0.3, 0.35
"""Conductivity at 25 degC [S/m] and its activation energy [eV]."""
CONTACT, E_CONTACT = 20e-4, 0.55
"""Charge-transfer resistance of one interface at 25 degC [ohm m^2] and its activation energy."""
DOUBLE_LAYER, EXPONENT = 0.05, 0.9
"""Capacitance of one interface [F/m^2], and n of its arc."""
KELVIN = 273.15


def cell(f, T: float, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Impedance of the cell [ohm] at frequencies f [Hz] and temperature T [K]."""
    beta = (1 / T - 1 / (25 + KELVIN)) / K_B
    R_b = THICKNESS / AREA / (SIGMA * np.exp(-E_SIGMA * beta) * (25 + KELVIN) / T)
    R_ct = 2 * CONTACT * np.exp(E_CONTACT * beta) / AREA
    tau = 0.5 * R_ct * DOUBLE_LAYER * AREA
    Z = R_b + R_ct / (1 + (2j * np.pi * f * tau) ** EXPONENT)
    return noisy(Z, noise, seed)


def noisy(Z, noise: float, seed: int) -> np.ndarray:
    """Impedances with normal noise of a share of |Z| in real and imaginary part."""
    both = np.random.default_rng(seed).standard_normal((2, len(Z)))
    return Z + noise * np.abs(Z) * (both[0] + 1j * both[1])


def biologic(*spectra) -> bytes:
    """EC-Lab's text, the cycle number telling spectra apart, in the Western code page."""
    rows = [
        f"{f:.7E}\t{Z.real:.7E}\t{-Z.imag:.7E}\t{cycle:.1f}"
        for cycle, (fs, Zs) in enumerate(spectra, start=1)
        for f, Z in zip(fs, Zs, strict=True)
    ]
    head = ["Electrode surface area : 0.001 cm²", "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\tcycle number"]
    lines = ["EC-Lab ASCII FILE", "Nb header lines : 4", *head, *rows]
    return "\r\n".join(lines).encode("cp1252")


def gamry(*spectra) -> bytes:
    """Gamry's .DTA, a table ZCURVE for each spectrum behind one of another kind."""
    lines = ["EXPLAIN", "TAG\tEISPOT", "OCVCURVE\tTABLE\t2", "\tPt\tT\tVf", "\t#\ts\tV",
             "\t0\t0.5\t-0.3", "\t1\t1.0\t-0.3"]  # fmt: skip
    for f, Z in spectra:
        lines += ["ZCURVE\tTABLE", "\tPt\tTime\tFreq\tZreal\tZimag", "\t#\ts\tHz\tohm\tohm"]
        rows = enumerate(zip(f, Z, strict=True))
        lines += [f"\t{i}\t{i}\t{a:.7g}\t{b.real:.7g}\t{b.imag:.7g}" for i, (a, b) in rows]
    return "\n".join(lines).encode("cp1252")


def zplot(f, Z, announced: int | None = None) -> bytes:
    """ZPlot's .z; `announced` points instead of those that are in it."""
    points = f"  Data Points:              {announced or len(f)}"
    heads = "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange"
    lines = ["ZPLOT2 ASCII", points, heads, "End Comments"]
    rows = zip(f, Z, strict=True)
    lines += [f"{a:.7E}\t0.01\t0\t1\t{b.real:.7E}\t{b.imag:.7E}\t0\t0\t3" for a, b in rows]
    return "\n".join(lines).encode()


def autolab(f, Z) -> bytes:
    """Autolab's text for ZView: headings between blanks, numbers between commas, a mark."""
    heads = "\"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err\""
    lines = ['"Z60W Data File: Version 1.1"', '""', "0,2,0,1,0.1,10000", f"{len(f)}", heads]
    rows = zip(f, Z, strict=True)
    lines += [f"{a:.7g},0,0,0,{b.real:.9g},{b.imag:.9g},0,0" for a, b in rows]
    return "\n".join(lines).encode("utf-8-sig")


def versastudio(*spectra) -> bytes:
    """VersaStudio's .par, a segment for each spectrum, and rows without alternating current."""
    lines = ["<Application>", "Name=VersaStudio", "</Application>"]
    for k, (f, Z) in enumerate(spectra):
        lines += [f"<Segment{k + 1}>", "Type=2", "Definition=Segment #, Point #, E(V), "
                  "Frequency(Hz), E Real, Z Real, Z Imag, Z2 Real, Z2 Imag, 0"]  # fmt: skip
        rows = enumerate(zip(f, Z, strict=True))
        lines += [f"{k},{i},0,{a:.7g},0,{b.real:.7g},{b.imag:.7g},0,0" for i, (a, b) in rows]
        lines += [f"{k},{len(f)},0,0,0,0,0,0,0", f"</Segment{k + 1}>"]
    return "\n".join(lines).encode()


def chinstruments(f, Z) -> bytes:
    """CH Instruments' text."""
    lines = ["A.C. Impedance", "Instrument Model:  CHI660E", "",
             "Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg", ""]  # fmt: skip
    rows = zip(f, Z, strict=True)
    lines += [f"{a:.7e}, {b.real:.7e}, {b.imag:.7e}, {abs(b):.7e}, 0" for a, b in rows]
    return "\n".join(lines).encode()


def main(folder: Path) -> None:
    """Write the spectra of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    f = np.geomspace(1e6, 1, 43)
    for seed, celsius in enumerate((25, 40, 60)):
        Z = cell(f, celsius + KELVIN, noise=0.003, seed=seed)
        (folder / f"{celsius}degC.mpt").write_bytes(biologic((f, Z)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
