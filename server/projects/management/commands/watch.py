"""Watch a render in a terminal, on any server."""

import json
import logging
import sys
from typing import Any
from uuid import UUID

from django.core.management import BaseCommand, CommandError, CommandParser
from rich.console import Console

from server.projects.management.commands.render import INTERRUPTED
from server.projects.terminal import ProgressBar, Reported
from server.projects.watching import Body, NoSuchProject, Unreachable, WatchError, states

FAILED, CANCELLED, NO_SUCH_PROJECT, UNREACHABLE = 1, 3, 4, 5

CONNECTIONS = {
    "live": "Connected again.",
    "reconnecting": "Reconnecting…",
    "polling": "No live connection; asking every 3 seconds.",
}


class Command(BaseCommand):
    """`manage.py watch ID`: a bar with its segments, or a line a change where there is no terminal."""

    help = (
        "Watch a project until its render ends. Exit codes: 0 completed, 1 failed, 3 cancelled, "
        "4 no such project, 5 no server there, 130 interrupted."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the project, where it is, and how it is to be told."""
        parser.add_argument("id", type=UUID, metavar="ID")
        parser.add_argument("--server", default="http://127.0.0.1:8000", metavar="URL")
        parser.add_argument("--json", action="store_true", help="one status body a line")

    def handle(self, *args: Any, id: UUID, server: str, **options: Any) -> None:  # noqa: A002, ARG002
        """Show each state until the last; the exit code says how it ended."""
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            last = tell(server, str(id)) if options["json"] else show(server, str(id))
        except NoSuchProject as error:
            raise CommandError(str(error), returncode=NO_SUCH_PROJECT) from error
        except Unreachable as error:
            raise CommandError(str(error), returncode=UNREACHABLE) from error
        except WatchError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted; the render goes on.", returncode=INTERRUPTED) from None
        if last["status"] == "FAILED":
            failure = last["render"]["error"]
            raise CommandError(failure["message"], returncode=CANCELLED if failure["code"] == "cancelled" else FAILED)
        if not options["json"]:
            Console(highlight=False).print(f"The film    {server.rstrip('/')}{last['output_url']}", soft_wrap=True)


def tell(server: str, project_id: str) -> Body:
    """Write each state as a line of JSON; return the last."""
    for body in states(server, project_id, on_connection=lambda _: None):
        sys.stdout.write(f"{json.dumps(body, ensure_ascii=False)}\n")
        sys.stdout.flush()
        if has_ended(body):
            return body
    raise AssertionError("states never end")


def show(server: str, project_id: str) -> Body:
    """Draw each state; return the last."""
    notes = Console(stderr=True, highlight=False)
    said = "live"

    def on_connection(state: str) -> None:
        nonlocal said
        if state != said:
            said = state
            notes.print(CONNECTIONS[state])

    with ProgressBar(Console(highlight=False)) as bar:
        for body in states(server, project_id, on_connection=on_connection):
            if body["render"] and body["progress"]:
                bar.show(Reported.of(body), body["render"]["segments"])
            if has_ended(body):
                return body
    raise AssertionError("states never end")


def has_ended(body: Body) -> bool:
    """Whether nothing more will happen by itself."""
    return body["status"] in ("COMPLETED", "FAILED")
