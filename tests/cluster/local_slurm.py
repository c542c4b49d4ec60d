"""A real Slurm of two nodes on this machine, which nothing beyond it can reach."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

NODES = ("n1", "n2")
DAEMONS = ("slurmctld", "slurmd", "munged", "unshare")
PMIX = Path("/usr/lib/x86_64-linux-gnu/pmix2/lib")
"""Where Debian 12's Slurm looks for libpmix.so, a name that only libpmix-dev brings."""
PATIENCE = 180.0
"""Seconds in which anything here must happen."""

CONF = """\
ClusterName=local
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=bf_interval=2,sched_interval=2
KillOnBadExit=1
ReturnToService=2
MinJobAge=86400
KillWait=10
JobCompType=jobcomp/none
NodeName=n1 NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2 State=UNKNOWN
NodeName=n2 NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2 State=UNKNOWN
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
"""

# PMIx takes the host's name for the node's, and both nodes would meet in one /dev/shm.
NODE = """\
hostname {node}
mount --bind {folder}/hosts /etc/hosts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount --bind {folder}/tmp-{node} {folder}/tmp
exec slurmd -N {node}
"""


def missing() -> str:
    """What keeps Slurm from running here; empty if nothing does."""
    absent = [name for name in DAEMONS if shutil.which(name, path=_path()) is None]
    if absent:
        return f"Slurm is not installed here: no {', '.join(absent)}"
    return "" if os.geteuid() == 0 else "two nodes on one machine need root"


class LocalSlurm:
    """Starts in a folder, and is asked as a user would ask.

    Args:
        folder: Where keys, logs and states go.
        checkout: Where jobs are submitted from.
    """

    def __init__(self, folder: Path, checkout: Path):
        self.folder, self.checkout = folder, checkout
        self.environment = os.environ | {"SLURM_CONF": f"{folder}/slurm.conf", "PATH": _path()}

    def start(self) -> None:
        """Bring up the daemons and wait for both nodes."""
        for name in ("state", "tmp", *(f"tmp-{node}" for node in NODES)):
            (self.folder / name).mkdir()
        if not (PMIX / "libpmix.so").exists() and (PMIX / "libpmix.so.2").exists():
            (PMIX / "libpmix.so").symlink_to("libpmix.so.2")
        hosts = Path("/etc/hosts").read_text()
        (self.folder / "hosts").write_text(hosts + "".join(f"127.0.0.1 {n}\n" for n in NODES))
        (self.folder / "mpi.conf").write_text(f"PMIxCliTmpDirBase={self.folder}/tmp\n")
        conf = CONF.format(
            folder=self.folder, host=socket.gethostname(), user="root", ports=_free_ports(3)
        )
        (self.folder / "slurm.conf").write_text(conf)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        parts = {"key-file": "key", "socket": "socket", "pid-file": "pid", "log-file": "log"}
        options = [f"--{option}={self.folder}/munge.{end}" for option, end in parts.items()]
        self.run("munged", "--force", f"--seed-file={self.folder}/munge.seed", *options)
        self.run("slurmctld", "-c")
        for node in NODES:
            script = NODE.format(node=node, folder=self.folder)
            apart = ("unshare", "--uts", "--mount", "--propagation", "private")
            self.run(*apart, "bash", "-ec", script)
        self.until(lambda: "idle 2" in self.run("sinfo", "-h", "-o", "%T %D"), "two idle nodes")

    def stop(self) -> None:
        """End jobs, then daemons; a step's own daemon would outlive that of its node."""
        with suppress(AssertionError, subprocess.TimeoutExpired):  # what has not started, too
            self.run("scancel", "--user=root")
            self.until(lambda: not self.run("squeue", "-h", "-t", "R,CG"), "the end of all jobs")
        for name in (*(f"slurmd-{node}" for node in NODES), "slurmctld", "munge"):
            with suppress(FileNotFoundError, ValueError, ProcessLookupError):
                os.kill(int((self.folder / f"{name}.pid").read_text()), signal.SIGTERM)

    def run(self, *words: str | Path, cwd: Path | None = None) -> str:
        """Output of a command of Slurm's, called in the checkout or elsewhere."""
        done = subprocess.run(
            list(map(str, words)), cwd=cwd or self.checkout, env=self.environment,
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, f"{words[0]}: {done.stderr}"
        return done.stdout.strip()

    def sbatch(self, *words: str | Path, cwd: Path | None = None) -> str:
        """Submit a job; its number."""
        log = f"--output={self.folder}/job-%j.log"
        return self.run("sbatch", "--parsable", log, "--time=60", *words, cwd=cwd)

    def job(self, number: str) -> dict[str, str]:
        """What Slurm knows of a job."""
        shown = self.run("scontrol", "show", "job", "-o", number).splitlines()[0]
        return dict(re.findall(r"(\w+)=(\S*)", shown))

    def tell_to_stop(self, number: str) -> None:
        """What `--signal=B:USR1@` does some time before the limit."""
        self.run("scancel", "--signal=USR1", "--batch", number)

    def requeued(self, number: str, times: int = 1) -> None:
        """Wait until a job is back in the queue, and spare it the two minutes there."""
        self.until(
            lambda: (self.job(number)["JobState"], self.job(number)["Restarts"])
            == ("PENDING", str(times)),
            f"job {number} back in the queue",
        )
        # Not at once: the node would take the start for that which has just ended.
        self.run("scontrol", "update", f"JobId={number}", "StartTime=now+3")

    def ended(self, number: str) -> tuple[str, str]:
        """Wait for a job; its state and its exit code."""
        running = ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING")
        self.until(lambda: self.job(number)["JobState"] not in running, f"the end of job {number}")
        job = self.job(number)
        return job["JobState"], job["ExitCode"]

    def log(self, number: str) -> str:
        """What a job has printed."""
        file = self.folder / f"job-{number}.log"
        return file.read_text() if file.exists() else ""

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"waited in vain for {what}\n{self._logs()}"
            time.sleep(0.1)

    def _logs(self) -> str:
        return "\n".join(f"{p.name}:\n{p.read_text()[-1500:]}" for p in self.folder.glob("*.log"))


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
