# SPDX-License-Identifier: MIT
"""Run valid configs with odd values and sort what comes of them.

    docker/run python3 -m benchmarks.odd_configs.run [--count 300] [--seed 1] [--parts]

With --parts it draws cells with grains, pressed sides, flow, notches, islands and protocols. No run
may show what no cell shows unless it says so, whether it is done or out of time. The table
shows how runs ended, which remarks they made and how often, and while it works standard error has a
line for each; the exit code is 1 if anything was left unremarked.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from ruamel.yaml import YAML

import solver
from benchmarks.odd_configs import parts
from benchmarks.odd_configs.drawn import Odd, drawn
from benchmarks.odd_configs.findings import Finding, findings
from benchmarks.odd_configs.made import made
from solver.base.errors import DendriteError, InputError, Stopped
from solver.input import loading

DONE, REFUSED, FAILED, STOPPED, BROKEN = "done", "refused", "failed", "out of time", "broken"


class Outcome(NamedTuple):
    """What came of a config.

    Attributes:
        odd: The config.
        end: How it ended.
        why: In the words of the program.
        remarks: Sentences of the run.
        found: What no cell shows, of one that is done or out of time.
    """

    odd: Odd
    end: str
    why: str
    remarks: list[str]
    found: list[Finding]

    @property
    def unremarked(self) -> list[str]:
        """What it should have said."""
        if self.end == BROKEN:
            return [self.why]
        said = [*self.remarks, self.why]
        return [x.what for x in self.found if not x.remarked(said)]


def tried(odd: Odd, folder: Path) -> Outcome:
    """Run a config in this process."""
    run = folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    text = folder / "config.yaml"
    with text.open("w") as file:
        YAML().dump(odd.data, file)
    try:
        config = loading.load(text)
        with patch("solver.run.closing.physics"):  # without its figure
            solver.simulate(config, run, progress=False)
    except InputError as error:
        return Outcome(odd, REFUSED, str(error).splitlines()[0], [], [])
    except Stopped as error:  # out of time: what it has shown until then is judged too
        return Outcome(odd, STOPPED, str(error), _said(run), list(findings(config, run)))
    except DendriteError as error:
        return Outcome(odd, FAILED, str(error).splitlines()[0], _said(run), [])
    except Exception:
        return Outcome(odd, BROKEN, traceback.format_exc(limit=-2), [], [])
    why = solver.open_run(run).exit_reason
    return Outcome(odd, DONE, why, _said(run), list(findings(config, run)))


def _said(run: Path) -> list[str]:
    log = (run / "log.txt").read_text(encoding="utf-8").splitlines()
    return [x.partition(" WARNING ")[2] for x in log if " WARNING " in x]


def outcomes(odds: Iterator[Odd], valid: int) -> Iterator[Outcome]:
    """Try configs until so many of them were valid."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in parts.files().items():
            (Path(folder) / name).write_bytes(content)
        left = valid
        for odd in odds:
            outcome = tried(odd, Path(folder))
            yield outcome
            left -= outcome.end != REFUSED
            if not left:
                return


def kind(sentence: str) -> str:
    """A sentence without its numbers and names, up to its first stop."""
    short = re.sub(r"^\S*/config\.yaml: ", "", sentence.removeprefix("check: "))
    short = re.split(r"[:;]\s|, which|\. ", short)[0]
    short = re.sub(r", but .* would be", ", but values would be", short)
    short = re.sub(r"layers\.\d+", "layers.N", short)
    number = r"(?<![A-Za-z_\d.])-?\d[\d.,]*(e[+-]?\d+)?(?! c0)"
    return re.sub(number, "#", short)[:100]


def show(found: list[Outcome]) -> None:
    """Print the tables."""
    for title, counts in (
        ("How they ended", Counter(x.end for x in found)),
        ("Why those ended that did not come to their end",
         Counter(kind(x.why) for x in found if x.end != DONE or x.why != "done")),
        ("What they remarked on", Counter(k for x in found for k in set(map(kind, x.remarks)))),
        ("What no cell shows, remarked on",
         Counter(y.what for x in found for y in x.found if y.what not in x.unremarked)),
        ("What no cell shows, NOT remarked on", Counter(y for x in found for y in x.unremarked)),
    ):  # fmt: skip
        print(f"\n## {title}\n\n| | |\n|---|---|")
        for name, count in counts.most_common():
            print(f"| {name} | {count} |")


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="of valid configs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", action="store_true", help="cells with more in them")
    args = parser.parse_args(argv)
    most = 20 * args.count
    if args.parts:
        odds: Iterator[Odd] = drawn(most, args.seed, parts.KINDS)
    else:
        odds = chain(made(), drawn(most, args.seed))
    found = []
    for outcome in outcomes(odds, args.count):
        found.append(outcome)
        print(f"{outcome.end}: {outcome.odd.name}: {outcome.why}", file=sys.stderr, flush=True)
        for what in outcome.unremarked:
            print(f"UNREMARKED {outcome.odd.name}: {what}", flush=True)
            print(f"  {outcome.odd.data}", flush=True)
    show(found)
    return 1 if any(x.unremarked for x in found) else 0


if __name__ == "__main__":
    sys.exit(main())
