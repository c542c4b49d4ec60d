#!/usr/bin/env bash
# A rank that ends with exit code 2 before it has started MPI: mpirun of MPICH 5 (Hydra) lets the
# other ranks go on and returns 2 when they have ended; Open MPI's kills them at once.  And what a rank
# has written right before MPI_Abort can be lost with it, which is why no message is asserted here.
# Exit code 1 if that is no longer so.
. "$(dirname "$0")/common.sh"
fresh mpich==5.0.2
cat >rank.py <<'PYTHON'
import os
import sys
import time

if os.environ["PMI_RANK"] == "0":
    sys.exit(2)
time.sleep(2)
print("rank 1 has worked on for 2 s", flush=True)
PYTHON
"$folder/venv/bin/mpirun" --version | grep Version
code=0
said=$("$folder/venv/bin/mpirun" -n 2 "$python" rank.py) || code=$?
echo "rank 0 ended with 2 at once; rank 1 said: ${said:-nothing}; mpirun returned $code"
[[ $said == "rank 1 has worked on for 2 s" && $code == 2 ]]
