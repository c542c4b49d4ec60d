#!/usr/bin/env bash
# aurora-unicycler refuses a loop over the one step before it when the step is given by its number,
# and takes it when the same step is given by a tag: the number, from 1, is compared with an index
# from 0.
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh aurora-unicycler==0.4.6
"$python" - <<'PYTHON'
import sys
from importlib.metadata import version

from aurora_unicycler import CyclingProtocol

REST = {"step": "open_circuit_voltage", "until_time_s": 60}
TAG = {"step": "tag", "tag": "a"}


def runs(*steps):
    """Steps that its own export spells out; None where the protocol is refused."""
    data = {"record": {"time_s": 10}, "method": [dict(step) for step in steps]}
    try:
        return len(CyclingProtocol.from_dict(data).to_pybamm_experiment())
    except ValueError as error:
        print("  refused:", str(error).splitlines()[1].partition(" [type")[0].strip())


def loop(to):
    return {"step": "loop", "loop_to": to, "cycle_count": 3}


print("aurora-unicycler", version("aurora-unicycler"))
seen = [runs(REST, loop(1)), runs(TAG, REST, loop("a")), runs(REST, REST, loop(1))]
print("a rest, three times, by its number:", seen[0])
print("a rest, three times, by a tag:", seen[1])
print("two rests, three times, by the number of the first:", seen[2])
sys.exit(seen != [None, 3, 6])
PYTHON
