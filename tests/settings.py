"""The server's own settings, on a data folder of the test run's own."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="rushes-tests-"))

from server.settings import *  # noqa: E402, F403
