# SPDX-License-Identifier: MIT
"""Run a command and write what it cost: python3 stopwatch.py RECORD COMMAND...

It is started where the command is to run, inside a container too, and needs nothing but Python.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def main(record: str, *command: str) -> int:
    """Run the command; write processor and wall seconds and peak memory; return its exit code.

    The processor seconds are those of all processes it started, user and system; the memory is
    that of the largest one.
    """
    start = time.perf_counter()
    code = subprocess.run(command).returncode
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {
        "processor_s": used.ru_utime + used.ru_stime,
        "wall_s": wall,
        "memory_MB": used.ru_maxrss / 1024,
    }
    Path(record).write_text(json.dumps(cost))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
