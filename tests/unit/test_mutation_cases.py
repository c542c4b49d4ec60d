"""Cases of the mutation check: each is one place in the program, and tests that are there."""

from __future__ import annotations

import pytest

from benchmarks.mutations.page import Page, row
from benchmarks.mutations.run import ROOT, due, groups

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


def test_a_page_is_written_anew_by_sections(tmp_path):
    """What a group's run has found replaces its own section alone; the sum counts all."""
    page = Page(path := tmp_path / "page.md")
    first, second = GROUPS[:2]
    for group, caught in ((second, ["test_a"]), (first, [])):
        page.put(group.name, group.tests, [row(m.what, m.file, caught) for m in group.mutations])
    page.write([group.name for group in GROUPS])
    again = Page(path)
    assert due(GROUPS, again) == GROUPS[2:]
    sizes = len(first.mutations), len(second.mutations)
    assert f"{sizes[1]} of {sum(sizes)} mistakes are caught." in path.read_text()
    again.put(first.name, first.tests, [row("x", "y.py", ["a", "b", "c", "d"])])
    again.write([group.name for group in GROUPS])
    text = path.read_text()
    assert "| x | `y.py` | `a`, `b`, `c` and 1 more |" in text
    assert f"{sizes[1] + 1} of {sizes[1] + 1} mistakes are caught." in text
    assert text.index(f"## {first.name.capitalize()}") < text.index(second.name.capitalize())
    assert due(GROUPS, again) == [first, *GROUPS[2:]]
