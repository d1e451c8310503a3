"""What a person reads: complete, in their language and zone, inert, and never with a raw placeholder."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import channels, outbox
from notifications.errors import MissingText, RenderError, UnresolvedPlaceholder
from notifications.text import rendering
from notifications.text.cleaning import clean, one_line
from notifications.text.packing import pack, unpack
from notifications.text.values import Rendered
from tests.languages import add_dutch
from tests.notifications.conftest import NOON, person

pytestmark = pytest.mark.django_db

LINK = {"what": "we moved it", "link": "https://clinic.example/r/[[link]]"}


def written(
    kind: str = "hello", *, channel: str = "email", context: dict[str, Any] | None = None, **to: Any
) -> Rendered:
    return outbox.preview(kind=kind, to=person(**to), context=LINK if context is None else context, channel=channel)


def test_each_person_reads_their_own_language_and_their_own_clock() -> None:
    context = LINK | {"at": NOON}
    english = written(context=context)
    indonesian = written(context=context, language="id", zone="Asia/Makassar")
    assert english.subject == "Hello Person 1: we moved it"
    assert "Until Tuesday 24 November 2026 12:00" in english.text
    assert indonesian.subject == "Halo Person 1: we moved it"
    assert "Sampai Selasa 24 November 2026 13:00" in indonesian.text


@pytest.mark.parametrize("language", ["id-ID", "id"])
def test_a_regional_language_counts_as_its_language(language: str) -> None:
    assert written(language=language).subject.startswith("Halo")


def test_a_language_that_nobody_wrote_falls_back_to_the_sites_own() -> None:
    assert written(language="fr").subject.startswith("Hello")


def test_a_message_is_in_one_language_from_the_greeting_to_the_last_hour(settings: Any) -> None:
    add_dutch(settings)
    letter = written(context=LINK | {"at": NOON}, language="nl")
    assert letter.subject == "Hello Person 1: we moved it"
    assert "Until Tuesday 24 November 2026 12:00" in letter.text
    assert '<html lang="en">' in letter.html


def test_a_zone_that_nobody_knows_does_not_stop_the_message() -> None:
    assert "Until Tuesday 24 November 2026 05:00" in written(context=LINK | {"at": NOON}, zone="Mars/Base").text


def test_an_unresolved_placeholder_is_named_and_refused() -> None:
    with pytest.raises(UnresolvedPlaceholder) as refused:
        written("asking", context={"offer": {"time": "noon"}})
    assert refused.value.placeholder == "offer.room"
    assert str(refused.value) == "The text asks for “offer.room”, and this message has no such thing."


def test_nobody_is_written_to_as_none() -> None:
    with pytest.raises(UnresolvedPlaceholder):
        written("asking", context={"offer": {"room": None}})


def test_a_text_may_ask_whether_something_is_there() -> None:
    assert "Please choose" not in written(context={"what": "we moved it"}).text


def test_a_broken_text_says_where_it_is_broken() -> None:
    with pytest.raises(RenderError, match=r"en/texts/broken/email\.txt"):
        written("broken", context={"what": "x"})


def test_a_kind_without_words_for_a_channel_says_so() -> None:
    with pytest.raises(MissingText, match="bare"):
        written("bare", channel="sms", context={"what": "x"})
    assert not rendering.has_text(kind="bare", language="en", form=channels.get("sms").form)
    assert rendering.has_text(kind="hello", language="en", form=channels.get("whatsapp").form)


def test_a_kind_without_a_rich_form_is_plain() -> None:
    assert written("bare", context={"what": "x"}) == Rendered("Bare x", "Only plain text: x\n", "")


def test_script_in_what_people_typed_is_inert_in_html_and_untouched_in_plain_text() -> None:
    letter = written(context={"what": "<script>alert('1')</script>"}, name="<b>Bo</b>")
    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert "<script>alert('1')</script>" in letter.text
    assert letter.subject == "Hello <b>Bo</b>: <script>alert('1')</script>"


def test_template_signs_in_what_people_typed_are_only_text() -> None:
    letter = written(context={"what": "{{ settings.SECRET_KEY }} {% now 'Y' %}"})
    assert "{{ settings.SECRET_KEY }} {% now 'Y' %}" in letter.text


def test_line_ends_in_a_name_cannot_begin_a_second_line_of_the_subject() -> None:
    letter = written(name="Bo\r\nBcc: all@clinic.example", context={"what": "a\nb"})
    assert letter.subject == "Hello Bo Bcc: all@clinic.example: a b"


def test_styles_are_written_into_the_tags_and_dark_mode_stays() -> None:
    html = written().html
    assert 'class="button" href="https://clinic.example/r/•••" style="' in html
    assert "prefers-color-scheme: dark" in html
    assert "stylesheet" not in html


def test_preview_masks_every_link() -> None:
    letter = written()
    for copy in (letter.text, letter.html):
        assert "https://clinic.example/r/•••" in copy
        assert "[[link]]" not in copy


def test_the_copy_that_leaves_has_the_link_and_the_copy_that_stays_does_not() -> None:
    raw = rendering.render(kind="hello", to=person(), context=LINK, form=channels.get("email").form)
    secrets = {"link": "a&b"}
    leaves, stays = rendering.reveal(raw, secrets), rendering.mask(raw, secrets)
    assert "https://clinic.example/r/a&b" in leaves.text
    assert 'href="https://clinic.example/r/a&amp;b"' in leaves.html
    assert "a&" not in stays.text + stays.html


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("https://clinic.example/r/abc?offer=1", "https://clinic.example/r/•••"),
        ("https://clinic.example/abc", "https://clinic.example/•••"),
        ("abc", "•••"),
        ("", "•••"),
    ],
)
def test_a_mask_shows_where_a_link_leads_but_not_its_key(secret: str, shown: str) -> None:
    assert rendering.masked(secret) == shown


def test_a_link_whose_secret_is_missing_is_refused_but_a_person_may_type_a_marker() -> None:
    with pytest.raises(UnresolvedPlaceholder):
        rendering.check_markers(context={"offers": [{"url": "https://x/r/[[link]]"}]}, secrets={})
    rendering.check_markers(context={"comment": "what is [[link]]?"}, secrets={})


@pytest.mark.parametrize("nasty", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\x7fb", "a\u2028b", "a\x0cb"])
def test_controls_and_direction_overrides_are_removed(nasty: str) -> None:
    assert clean(nasty) == "ab"


def test_a_lone_surrogate_is_replaced() -> None:
    assert clean("a\ud800b") == "a\ufffdb"


@given(st.text())
def test_cleaned_text_can_always_be_stored_and_sent(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned
    assert "\r" not in cleaned
    cleaned.encode()


@given(st.text(max_size=400))
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text, limit=50)
    assert len(line) <= 50
    assert line.splitlines() in ([], [line])


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126))
    | st.dates()
    | st.times()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet="abcdef_", min_size=1), inner),
    max_leaves=10,
)


@given(PLAIN)
def test_what_goes_into_the_outbox_comes_back_the_same(value: Any) -> None:
    assert unpack(pack(value)) == value


def test_dates_and_sums_keep_their_kind() -> None:
    values = [date(2026, 11, 24), time(14, 30), NOON, timedelta(minutes=45), Decimal("12.50")]
    assert unpack(pack(values)) == values


@pytest.mark.parametrize("value", [datetime(2026, 11, 24, 12), object(), {1, 2}, b"bytes"])  # noqa: DTZ001  on purpose
def test_what_would_not_come_back_is_refused_at_the_counter(value: Any) -> None:
    with pytest.raises(TypeError):
        pack(value)
