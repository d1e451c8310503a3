"""Pages of which a script may ask for a part."""

from django.http import HttpRequest


def is_for(request: HttpRequest, part: str) -> bool:
    """Whether a script of the page asks, to put the answer into `part` of it."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == part
