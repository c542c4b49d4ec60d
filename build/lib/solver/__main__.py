# SPDX-License-Identifier: MIT
"""`python3 -m solver` is the program `dendrite`."""

import sys

from solver.verbs.cli import main

sys.exit(main())
