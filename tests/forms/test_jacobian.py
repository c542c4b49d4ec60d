# SPDX-License-Identifier: MIT
"""The Newton matrix of the coupled stage: Taylor tests, one for every equation and all its terms.

For a direction d, |F(y + s d) - F(y) - s J d| must fall as s^2. Directions that move one field
only test one block column at a time, so that a wrong block is not hidden by larger ones.
"""

import numpy as np
import pytest

from dolfinx import fem

from solver.base.profile import Profile
from solver.schemes.monolithic import MonolithicScheme
from solver.schemes.stage import Base
from tests.small_cell import random_state

COLUMNS = {"xi": [0], "c": [1], "phi": [2], "u": [3, 4]}
SIZES = {"xi": 0.02, "c": 0.1, "phi": 0.1, "u": 0.1}


@pytest.fixture(scope="module")
def scheme(cell, base):
    random_state(cell, base)
    scheme = MonolithicScheme(cell, Profile())
    scheme.evaluate(Base(**{name: f.x.array for name, f in vars(base).items()}), 0.3)
    scheme.fixed = np.empty(0, dtype=np.int32)
    return scheme


def residual(scheme, values):
    scheme.x.array[:] = values
    scheme._residual(None, scheme.x, scheme.b)
    return scheme.b.array.reshape(-1, 5).copy()


def times_jacobian(scheme, direction):
    matrix = sum(fem.assemble_matrix(form).to_scipy() for form in scheme.jacobian_forms)
    return (matrix @ direction).reshape(-1, 5)


@pytest.mark.parametrize("field", COLUMNS)
def test_taylor_remainder_is_second_order(scheme, field):
    columns = COLUMNS[field]
    start = scheme.unknown.x.array.copy()
    direction = np.zeros((len(start) // 5, 5))
    random = np.random.default_rng(5)
    direction[:, columns] = random.uniform(-1, 1, (len(direction), len(columns)))
    direction = SIZES[field] * direction.ravel()
    at_start, linear = residual(scheme, start), times_jacobian(scheme, direction)
    steps = (0.1, 0.05)
    remainders = [residual(scheme, start + s * direction) - at_start - s * linear for s in steps]
    residual(scheme, start)
    for row, parts in COLUMNS.items():
        full, half = (np.linalg.norm(r[:, parts]) for r in remainders)
        size = np.linalg.norm(at_start[:, parts])
        if full < 1e-11 * size:
            continue  # linear in this field, or free of it
        order = np.log2(full / half)
        assert order == pytest.approx(2, abs=0.15), f"d {row} / d {field}: order {order:.2f}"
