# SPDX-License-Identifier: MIT
"""Many runs of one config with varied values: plan, work, summary."""
