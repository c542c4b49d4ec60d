#!/usr/bin/env bash
# A hold until a negative current, the end of a reversed half cycle, is exported by aurora-unicycler
# to PyBaMM as "until -50.0 mA". PyBaMM reads it as |I| < -0.05 A, which no current meets: the step
# goes on for its default of 24 hours. Two more that are easily written: a voltage that ends a rest
# is taken and passed over, and "Charge at 4.2 V" holds -4.2 V.
# Exit code 1 if that is no longer so. Takes a minute: PyBaMM brings much with it.
. "$(dirname "$0")/common.sh"
fresh aurora-unicycler==0.4.6 pybamm==26.10.1.1
"$python" - <<'PYTHON'
import sys
from importlib.metadata import version

import pybamm
from aurora_unicycler import CyclingProtocol

hold = {"step": "constant_voltage", "voltage_V": 4.0, "until_current_mA": -50}
protocol = CyclingProtocol.from_dict({"record": {"time_s": 10}, "method": [hold]})
(line,) = protocol.to_pybamm_experiment()
step = pybamm.step.string(line)
(end,) = step.termination
# An event happens when its expression comes to 0.
left = [end.get_event_expression({"Current [A]": i}, step) for i in (-0.1, -0.05, 0.0, 0.05)]
rest = pybamm.step.string("Rest for 1 hour or until 3.0 V")
charge = pybamm.step.string("Charge at 4.2 V for 1 hour")

print("aurora-unicycler", version("aurora-unicycler"), "PyBaMM", version("pybamm"))
print(f"'{line}': {end}, {step.duration} s")
print("  what is left to its end at -100, -50, 0 and 50 mA [A]:", *left)
ignored = [end.get_event({"Battery voltage [V]": 2.0}, rest) for end in rest.termination]
print(f"'{rest.description}': {rest.termination}, events: {ignored}")
print(f"'{charge.description}': holds {charge.value} V")
seen = (line, step.duration, min(left) > 0, ignored, charge.value)
sys.exit(seen != ("Hold at 4.0 V until -50.0 mA", 86400, True, [None], -4.2))
PYTHON
