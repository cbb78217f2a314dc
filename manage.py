#!/usr/bin/env python3
"""Django's command line for Rushes."""

import os
import secrets
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    if sys.argv[1:2] in (["render"], ["watch"]):
        # They serve nobody, so a key for this one run will do.
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe())
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
