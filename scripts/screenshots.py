"""Pictures of every kind of page of the demo, at two widths, light and dark, in both languages: build/screenshots.

Follows links from the pages people start at, one page of each kind. That is safe: no GET changes anything. Two of the
pictures stand in the README: docs/images. `--readme` takes only these, `--look` only one way to look at all pages.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import django
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.engines import chromium, machine

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "screenshots"
README_FOLDER = ROOT / "docs" / "images"
MOST_PAGES = 40
JAKARTA = ZoneInfo("Asia/Jakarta")
MESSAGES = 4
"""As many links in messages of the demo are waited for before the first picture."""
# Files to download, ways out, and other faces of a page that is there already.
NOT_PAGES = re.compile(r"sign-out|logout|\.ics$|csv|xlsx|export|jsi18n|/static/|password_change")


@dataclass(frozen=True, kw_only=True)
class Look:
    """One way to look at the pages."""

    name: str
    width: int
    height: int
    dark: bool
    locale: str


LOOKS = (
    Look(name="desk-light-en", width=1280, height=800, dark=False, locale="en-GB"),
    Look(name="desk-dark-id", width=1280, height=800, dark=True, locale="id-ID"),
    Look(name="phone-light-id", width=360, height=640, dark=False, locale="id-ID"),
    Look(name="phone-dark-en", width=360, height=640, dark=True, locale="en-GB"),
)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who looks at the demo: where they begin, and the sample login they use."""

    name: str
    starts: tuple[str, ...]
    password: str = ""


def visitors(customer_links: list[str]) -> Iterator[Visitor]:
    """The customer has no login; the others sign in as `manage.py demo` says."""
    from appointments.demo.logins import FRONT_DESK, MANAGER, SAMPLE_PASSWORDS

    yield Visitor(name="customer", starts=tuple(customer_links))
    yield Visitor(name=FRONT_DESK, starts=("/",), password=SAMPLE_PASSWORDS[FRONT_DESK])
    yield Visitor(name=MANAGER, starts=("/admin/",), password=SAMPLE_PASSWORDS[MANAGER])


def links_in_mail(folder: Path) -> list[str]:
    """The first customer's link of each kind (`/r/…`, `/f/…`) for each subject among the messages kept in `folder`."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(folder.rglob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
        for link in re.findall(r"https?://\S+?(/[rf]/[\w-]+/)", str(body.get_content()) if body else ""):
            found.setdefault((link[:3], message["Subject"]), link)
    return list(found.values())[:8]


def shape(path: str) -> str:
    """What pages of one kind have in common: `/appointments/17/` and `/appointments/4/` look alike."""
    return re.sub(r"\d{4}-\d{2}-\d{2}|\d+", "0", urlsplit(path).path)


def visit(context: BrowserContext, base: str, visitor: Visitor, look: Look) -> int:
    """Take the pictures of one visitor; returns how many."""
    page = context.new_page()
    if visitor.password:
        sign_in(page, base, visitor)
    # A customer's links differ in their token only, and each leads to another state.
    queue, seen = list(visitor.starts), {shape(path) for path in visitor.starts}
    taken = 0
    while queue and taken < MOST_PAGES:
        path = queue.pop(0)
        answer = page.goto(urljoin(base, path))
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            continue
        taken += 1
        name = re.sub(r"[^a-z0-9]+", "-", shape(path).lower()).strip("-") or "home"
        if visitor.name == "customer":
            name = f"{taken:02}-{name[:1]}"
        page.screenshot(path=FOLDER / look.name / f"{visitor.name}-{name[:80]}.png", full_page=True)
        for target in links(page, base):
            if visitor.password and shape(target) not in seen and not NOT_PAGES.search(target):
                seen.add(shape(target))
                queue.append(target)
    page.close()
    return taken


def photograph(browser: Browser, base: str, look: Look, customer_links: list[str]) -> None:
    """All pictures of one look, each visitor with cookies of their own."""
    for visitor in visitors(customer_links):
        context = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme="dark" if look.dark else "light",
            locale=look.locale,
        )
        print(f"{look.name}: {visit(context, base, visitor, look)} pages of {visitor.name}", flush=True)
        context.close()


def sign_in(page: Page, base: str, visitor: Visitor) -> None:
    page.goto(urljoin(base, "/accounts/sign-in/"))
    page.fill("input[name=username]", visitor.name)
    page.fill("input[name=password]", visitor.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


def links(page: Page, base: str) -> Iterator[str]:
    """Paths on our own site that the page links to; queries and fragments are other views of the same."""
    for address in page.eval_on_selector_all("a[href]", "found => found.map(link => link.href)"):
        parts = urlsplit(urldefrag(address).url)
        if f"{parts.scheme}://{parts.netloc}" == base and not parts.query:
            yield parts.path


def serving(base: str, demo: subprocess.Popen[bytes]) -> bool:
    if demo.poll() is not None:
        raise RuntimeError(f"manage.py demo ended with exit code {demo.returncode}")
    try:
        with urlopen(f"{base}/healthz", timeout=2) as answer:  # noqa: S310  our own server
            return bool(answer.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False


def photograph_for_readme(browser: Browser, base: str, customer_links: list[str]) -> None:
    """A customer who has to choose, and the day at the desk for which times are kept for her; both in English."""
    README_FOLDER.mkdir(parents=True, exist_ok=True)
    phone = browser.new_page(viewport={"width": 360, "height": 720}, locale="en-GB", device_scale_factor=1.5)
    for link in customer_links:
        phone.goto(urljoin(base, link))
        if "needs a new time" in phone.inner_text("h1"):
            break
    else:
        raise RuntimeError("no message in English offers new times")
    phone.screenshot(path=README_FOLDER / "customer.png")
    starts_at = datetime.fromisoformat(phone.get_attribute(".offer time", "datetime") or "")
    phone.close()
    _, desk, _ = visitors(customer_links)
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
    sign_in(page, base, desk)
    page.goto(urljoin(base, f"/board/jakarta/{starts_at.astimezone(JAKARTA).date()}/"))
    page.screenshot(path=README_FOLDER / "board.png")
    page.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Take pictures of the demo's pages.")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], help="only this one")
    parser.add_argument("--readme", action="store_true", help="only the pictures of the README")
    wanted = parser.parse_args()
    looks = [look for look in LOOKS if not wanted.readme and wanted.look in (None, look.name)]
    shutil.rmtree(FOLDER, ignore_errors=True)
    port = machine.free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="screenshots-") as data:
        os.environ |= {"PORT": str(port), "RESCHEDULE_DATA": data, "DJANGO_SETTINGS_MODULE": "reschedule.settings"}
        django.setup()
        mail = Path(data) / "mail"
        demo = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT)
        try:
            machine.wait_until(lambda: serving(base, demo), seconds=300, what="an answer of the demo")
            machine.wait_until(lambda: len(links_in_mail(mail)) >= MESSAGES, seconds=60, what="the first messages")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium.find_chromium(), args=chromium.ARGUMENTS)
                for look in looks:
                    photograph(browser, base, look, links_in_mail(mail))
                if not wanted.look:
                    photograph_for_readme(browser, base, links_in_mail(mail))
                browser.close()
        finally:
            machine.stop_process(demo, seconds=20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
