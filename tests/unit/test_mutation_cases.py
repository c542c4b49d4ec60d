"""Cases of the mutation check: each is one place in the program, and tests that are there."""

from __future__ import annotations

import pytest

from benchmarks.mutations.run import ROOT, groups

GROUPS = groups()


@pytest.mark.parametrize("group", GROUPS, ids=[group.name for group in GROUPS])
def test_every_mistake_has_one_place(group):
    """A case whose line has moved on would try nothing."""
    wrong = [
        case.what
        for case in group.mutations
        if (ROOT / "solver" / case.file).read_text(encoding="utf-8").count(case.old) != 1
    ]
    assert not wrong
    assert group.mutations and len({case.what for case in group.mutations}) == len(group.mutations)
