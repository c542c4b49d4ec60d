# SPDX-License-Identifier: MIT
"""Faults of a machine, for tests of what they leave behind."""

import os
import resource
import signal
from collections.abc import Callable
from contextlib import contextmanager


@contextmanager
def full_disk(limit=100):
    """Let no file grow beyond `limit` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def killed_at(number: int, events: tuple[str, ...], action: Callable[[], None]) -> bool:
    """Run an action in a child that is killed before its n-th event; False: it came to its end."""
    child = os.fork()
    if child == 0:
        count = 0

        def counted(event):
            def doing(*args, **kwargs):
                nonlocal count
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                return event(*args, **kwargs)

            return doing

        for name in events:
            setattr(os, name, counted(getattr(os, name)))
        action()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
