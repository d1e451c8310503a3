"""Keeps the customers' keys out of the log."""

import logging
import re

KEY_IN_PATH = re.compile(r"(/(?:r|f)/)[A-Za-z0-9_-]{20,}")


class WithoutKeys(logging.Filter):
    """Replaces the secret part of a customer's link in every line that is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = KEY_IN_PATH.sub(r"\1•••", message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        return True
