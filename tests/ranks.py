# SPDX-License-Identifier: MIT
"""Starting programs on several ranks, by Open MPI's or MPICH's launcher."""

from solver.base import launch

OPEN_MPI = {
    "OMPI_MCA_btl": "self,sm",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "PRTE_MCA_hwloc_default_binding_policy": "none",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
}
"""More ranks than cores, beside other jobs; MPICH needs nothing for it and ignores these."""


def launcher(ranks: int) -> list[str]:
    """Words before a command that start it on this many ranks; none for one rank."""
    if ranks == 1:
        return []
    settings = [f"{name}={value}" for name, value in OPEN_MPI.items()]
    return ["env", *settings, launch.mpirun() or "mpirun", "-n", str(ranks)]
