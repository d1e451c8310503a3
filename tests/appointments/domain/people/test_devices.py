"""What a browser calls itself, in words."""

import pytest

from appointments.domain.people.devices import in_words

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("calls_itself", "words"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        (f"{MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge on Windows"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/129.0 Safari/604.1", "Chrome on iPhone"),
        (f"{MOZILLA} (Linux; Android 14) SamsungBrowser/26.0 Chrome/122 Safari/5", "Samsung Internet on Android"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15", "Safari on Mac"),
        (f"{MOZILLA} (X11; Linux x86_64) Chrome/129.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.0", "unknown device"),
        ("", "unknown device"),
        ("Windows", "Windows"),
    ],
)  # fmt: skip
def test_a_browser_and_its_system_are_named(calls_itself: str, words: str) -> None:
    assert in_words(calls_itself) == words
