"""How many cores there are to work with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from media import cores

ALONE = """
import os
from media import cores
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
print(cores.available())
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system keeps no process to some of its cores")
def test_only_cores_that_the_process_may_run_on_count():
    """A process that is kept to one core has one, whatever the machine has."""
    assert subprocess.run([sys.executable, "-c", ALONE], check=True, stdout=subprocess.PIPE, text=True).stdout == "1\n"


@pytest.mark.parametrize(("said", "most"), [("50000 100000", 1), ("100000 100000", 1), ("max 100000", 10**6)])
def test_a_container_s_quota_counts(tmp_path: Path, said: str, most: int):
    """A container that gets half a core or one has one; one without a quota has all."""
    (tmp_path / "cpu.max").write_text(said)
    everywhere = cores.available(tmp_path / "none")
    assert cores.available(tmp_path / "cpu.max") == min(everywhere, most)
