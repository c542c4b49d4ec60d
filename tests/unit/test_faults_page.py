# SPDX-License-Identifier: MIT
"""docs/faults.md names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_of_the_page_is_there():
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)}
    assert len(named) > 50
    assert named <= there, sorted(named - there)


def test_every_report_has_its_tests():
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if re.match(r"\| (\d+|F\d+)\. ", line)]
    assert {row[0].split(".")[0][2:] for row in rows} >= {str(n) for n in range(1, 13)}
    assert all("`test_" in row[2] for row in rows if not row[0].startswith("| 11."))
