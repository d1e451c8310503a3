"""One customer's link is used without end: what is told has a limit, whichever web process hears it."""

from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from appointments.enums import PromiseKind
from appointments.models import Answer, Promise
from notifications.models import Message
from tests.factories import clinic
from tests.reliability.site import Site, all_at_once
from tests.reliability.test_same_again import opened, token_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]
KINDS = ("tell", "call-me", "other-times")


def test_of_sixty_posts_at_one_moment_ten_are_heard(
    child_environment: dict[str, str], tmp_path: Path, client: Client
) -> None:
    world = clinic(rooms=2)
    round_ = opened(world)
    tokens = [token_for(round_), token_for(round_)]  # of two letters about one appointment

    def post(number: int) -> int:
        words = f"{number:02}." + "x" * 3990
        path = f"/r/{tokens[number % 2]}/{KINDS[number % 3]}/"
        return site.ask("POST", path, {"nonce": f"form-{number}", "words": words, "days": "6"}).status

    with Site(child_environment, log=tmp_path / "site.log") as site:
        seen = Counter(all_at_once(post, range(60)))
        assert seen == {303: 10, 429: 50}
        assert site.ask("GET", f"/r/{tokens[0]}/").status == 200
        heard = {answer.words[:2] for answer in Answer.objects.all()}
        again = int(heard.pop())
        assert post(again) == 303  # the same form once more is the same answer

    assert Answer.objects.count() == 10
    assert Promise.objects.open().exclude(kind=PromiseKind.HOLD).count() <= len(KINDS)
    assert Message.objects.count() <= 1 + len(KINDS)  # the offer, and a letter for each promise
    client.force_login(world.staff)
    page = client.get(reverse("appointment", args=[round_.appointment_id]))
    assert len(page.content) < 300_000
