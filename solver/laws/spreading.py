# SPDX-License-Identifier: MIT
"""How a conductor answers ripples of the potential on its border, by terms that neighbours see.

A half space answers a ripple exp(i q x) of the potential on its border with the current density
sigma |q|: what enters spreads out. The operator of |q| couples all of the border. In its place
stands

    a (q_m + q^2/q_m),    q_m = sqrt(q_least q_most),

the second-order condition of optimised Schwarz methods (Gander, SIAM J. Numer. Anal. 44 (2006)
699): over |q| it is between 2 a in the middle and a R, R = r + 1/r with r = sqrt(q_most/q_least),
at both ends. With a = (R + 2)/(4 R) it misses (R - 2)/(R + 2) of itself in the middle as at the
ends: an iteration that takes it for |q| leaves that share of an error at most.
"""

from __future__ import annotations

import numpy as np


def answer(least, most) -> tuple[np.ndarray, np.ndarray]:
    """The two terms of an answer to ripples between two wave numbers.

    Args:
        least: Least wave number [1/m].
        most: Largest one [1/m]; an array or a number.

    Returns:
        a q_m [1/m], and a/q_m [m], which multiplies q^2.
    """
    r = np.sqrt(np.maximum(most / least, 1.0))
    middle = least * r
    R = r + 1 / r
    a = (R + 2) / (4 * R)
    return a * middle, a / middle
