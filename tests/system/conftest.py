# SPDX-License-Identifier: MIT
"""What tests of the whole program share."""

import pytest

from tests.system.running import without_figure


@pytest.fixture
def no_figure():
    """Runs inside the test process draw no figure."""
    with without_figure():
        yield
