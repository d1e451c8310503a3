"""Keeps keys of customers and colleagues out of every log that this process writes: ours, Django's, gunicorn's."""

import logging
import re

SLASH = r"(?:/|%(?:25)*2f)"  # as it is, or as part of another address ("?next=%2Fr%2F…"), however often encoded
DOOR = r"(?:[rfjk]|%(?:25)*(?:72|52|66|46|6a|4a|6b|4b))"  # the letter too may be written in numbers, and still opens
KEY_IN_ADDRESS = re.compile(rf"({SLASH}{DOOR}{SLASH}+)[^/\s\"'?#&<>]{{20,}}", re.IGNORECASE)
OF_THE_WEB_SERVER = ("gunicorn.access", "gunicorn.error")


class WithoutKeys(logging.Filter):
    """Replaces the secret part of a link in every line that is written, tracebacks too."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = without_keys(message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_keys(record.exc_text)
        return True


def without_keys(text: str) -> str:
    return KEY_IN_ADDRESS.sub(r"\1•••", text)


def clean_web_server() -> None:
    """Whatever format, file or configuration the operator gives gunicorn: it hands each line to these loggers first."""
    for name in OF_THE_WEB_SERVER:
        logging.getLogger(name).addFilter(WithoutKeys())
