"""Log records as one line of JSON each, for machines that read them."""

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """A log line as an object: time, level, logger, message and, if there was one, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
