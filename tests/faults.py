# SPDX-License-Identifier: MIT
"""Faults of a machine, for tests of what they leave behind."""

import resource
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
