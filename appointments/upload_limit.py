"""No upload fills the disk: whatever is larger than any page takes is read to its end and thrown away."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MOST = 11 * 1024 * 1024
"""A little more than the largest file that a page takes, so that the page can say itself what is too large."""


class NotTooLarge(FileUploadHandler):
    """First among the handlers: passes on what comes, until it is too much."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._read += len(raw_data)
        if self._read > MOST:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def was_stopped(request: HttpRequest) -> bool:
    """Whether what was sent was too much to be read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > MOST and not request.FILES
    except ValueError:
        return False
