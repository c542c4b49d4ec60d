# SPDX-License-Identifier: MIT
"""Sections on the models with another interface and with charge conserved.

Their numbers are those of benchmarks.chen2025.quantitative and of benchmarks/ccd, which are
studies of their own.
"""

from __future__ import annotations

TEXT = """
## With the quantitative interface

`kinetics.interface: quantitative` in the ionic reading, by `python3 -m
benchmarks.chen2025.quantitative`: time until the tip is 40 um high, in seconds, and its change
against Model 1.

| | l = 0.44 um | l = 0.22 um | 0.44 um, h halved | 0.44 um, steps halved | extrapolated |
|---|---|---|---|---|---|
| Model 1 | 976 | 811 | 921 | 912 | 480 ± 620 |
| Model 2 | 941 (-3.6 %) | 794 (-2.1 %) | 910 (-1.1 %) | 891 (-2.3 %) | 540 ± 520 |
| Model 3 | 852 (-12.8 %) | 711 (-12.3 %) | 806 (-12.5 %) | 793 (-13.1 %) | 430 ± 530 |

*The order of the models stands*: Model 3 is 12 to 13 % faster than Model 1 in every run, Model 2 by
1 to 4 %, as with the printed kinetics at 0.11 um (883, 869 and 792 s: -1.6 and -10.3 %). *Their
times do not*: they fall by 17 % from 0.44 to 0.22 um, which leaves no number for the limit. The
tips of these fingers are about as thin as l is
([narrow fingers](../numerics.md#narrow-fingers-at-equal-error)), and the error bar of two lengths
says so.

## With charge conserved

In all of the above the electrodes' current is not the deposit's. With `electrochemistry.closure:
single_ion` it is ([a cell with a current and a voltage](../howto_current.md)): nothing is depleted,
all current plates, and the layers of Models 1 to 3 are what they differ by, their measured
conductivities. `configs/ccd` has them as ramps of the current, and
[how to ramp a current](../howto_ccd.md) has tables, a map and what to make of it.

*At the measured critical current, 4.4 mA/cm2, all three stay flat.* Over the 7.3 um of lithium of
1.5 mAh/cm2 the fastest small ripple grows by 12 % in LPSC and by 32 % in the composite. It would
take 449 and 160 mA/cm2 for a factor of e: a ripple's growth is bounded by the ohmic drop over the
plated thickness against 2RT/F, 51 mV, and 4.4 mA/cm2 make 0.6 mV of it in LPSC. With half
cycles of 1.5 mAh/cm2 no model shorts up to 200 mA/cm2; with half cycles of 5 min all short between
100 and 120 mA/cm2, because at 111 a flat front fills the gap.

*Does the sandwich hold dendrites back?* As long as the metal is in the LPSC, hardly: the composite
above evens out the current, but only ripples that reach that far feel it. At 4.4 mA/cm2 a ripple of
50 um grows 0.1 % more slowly than in LPSC alone while the front is 21 um below the composite, 5 %
at 5 um and 16 % at 1 um. Once the metal is in the composite, the ripple grows 2.8 times as fast, by
the ratio of the conductivities, and the sandwich is worse than LPSC alone. At 100 mA/cm2, in 5
min, the tip's height over the mean front rises by 1.8 in LPSC, 4.6 in the sandwich and 9.3 in the
composite; at the short the tips are 0.8, 1.9 and 2.8 um ahead. In the ionic reading above the
sandwich was faster too, but by the field in its upper layer.

So the current distribution neither explains the measured critical current nor the gain by the
sandwich. What is left is what these equations do not have: the composite's chemistry with lithium,
its mechanics, its electrons, and the voids and cracks that short a cell at currents at which its
front would be flat.
"""
