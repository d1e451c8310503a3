"""Letters on a page of the desk, exactly as they arrive."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from appointments.domain.messages.previews import Preview

STYLE_BLOCK = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def show_letters(
    request: HttpRequest, template_name: str, context: dict[str, Any], *, letters: Sequence[Preview]
) -> HttpResponseBase:
    """The page with `previews` in its context, under a policy that lets their styles through and no others."""
    show = partial(render, template_name=template_name, context={**context, "previews": letters})
    return csp_update(styles_of(letter.rendered.html for letter in letters))(show)(request)


def styles_of(letters: Iterable[str]) -> dict[str, list[str]]:
    """What the policy must allow so that these e-mails look on the page as they arrive: their own styles, no others."""
    blocks = {block for letter in letters for block in STYLE_BLOCK.findall(letter)}
    hashes = sorted(b64encode(sha256(block.encode()).digest()).decode() for block in blocks)
    return {"style-src": [f"'sha256-{one}'" for one in hashes], "style-src-attr": ["'unsafe-inline'"]}
