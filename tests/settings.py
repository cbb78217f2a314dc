"""The server's own settings, on a data folder of the test run's own."""

import os
import tempfile

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="rushes-tests-"))
os.environ.setdefault("LOG_LEVEL", "WARNING")

from server.settings import *  # noqa: E402, F403
from server.settings import DATA_DIR, DATABASES  # noqa: E402

# A file: threads of a database in memory share one lock, which no timeout waits for.
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
