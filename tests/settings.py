"""The server's own settings, on a data folder of the test run's own."""

import atexit
import os
import shutil
import tempfile

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="rushes-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from server.settings import *  # noqa: F403
from server.settings import DATA_DIR, DATABASES

# The threads that answer a test's requests end with it, unlike a server's.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A file: threads of a database in memory share one lock, which no timeout waits for.
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
