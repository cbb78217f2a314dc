"""Serve the API, the pages and the WebSockets from one process."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, CommandParser, call_command


class Command(BaseCommand):
    """`manage.py serve`: bring the database up to date, then answer until Ctrl-C."""

    help = "Migrate, then serve on this machine only, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address to listen on."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="Who else is let in sees and may change everything.",
        )

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:  # noqa: ARG002
        """Run until Ctrl-C or SIGTERM; renders under way go on at the next start."""
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)

        # Only here: the first installs Twisted's reactor, the second takes the data folder.
        from daphne.endpoints import build_endpoint_description_strings

        from server.backpressure import PatientServer

        try:
            from asgi import application
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error

        def greet() -> None:
            self.stdout.write(f"Rushes is at http://{host}:{port}/ (Ctrl-C ends it)")
            self.stdout.flush()  # into a pipe, too: whoever started this waits for the line

        PatientServer(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            ready_callable=greet,
            server_name="rushes",
            verbosity=0,
        ).run()
