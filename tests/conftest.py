from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for tests/support
# Contract tests run by the Python on PATH: the one that has what the tests need.
os.environ["PATH"] = (
    f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
)
# No test finds what another run has kept, nor writes into the user's folders.
os.environ["CI_GATE_CACHE_DIR"] = ""
