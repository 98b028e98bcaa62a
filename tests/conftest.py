"""What every test shares: the helpers in this folder, and one Hypothesis profile."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

# Test modules are imported by path (importlib mode), which leaves out this folder.
sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "project",
    deadline=None,  # a busy machine is not a failure
    derandomize=True,  # the same examples on every machine
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", settings.get_profile("project"), derandomize=False)
settings.load_profile("project")
