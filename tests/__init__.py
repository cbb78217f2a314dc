"""Rushes' tests: against real servers, encoders, sockets and browsers."""

import os

# Each server that a test starts would compile all modules anew: a third of its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
