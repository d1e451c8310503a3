"""Text messages: short enough for two parts, in the alphabet that allows it, with the link and a deadline."""

import pytest

from notifications.templatetags.sms import LONGEST
from tests.notifications.texts import world
from tests.notifications.texts.world import PAGE, TOKEN, Situation, everything, situations, write

# The basic set of GSM 03.38 without what nobody types; one letter outside of it more than doubles the parts.
CHEAP = set("@£$¥èéùìòÇØøÅå_ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
            "abcdefghijklmnopqrstuvwxyzäöñüà\n")  # fmt: skip
LONG = {
    "customer__name": "Raden Ajeng Kartika Puspitasari Wulandari Hadiningrat",
    "business__name": "Klinik Ibu dan Anak Sentosa Medika Nusantara Cabang Menteng",
    "contact__name": "Maria Magdalena Situmorang-Hutagalung",
    "place__name": "Klinik Ibu dan Anak Sentosa Medika Nusantara Cabang Menteng",
    "zone": "Asia/Makassar",
}


def message(kind: str, one: Situation, **changes: object) -> str:
    return write(kind, "sms", one, **changes).text.strip()


@pytest.mark.parametrize("kind", world.KINDS)
def test_it_fits_into_two_parts_with_the_longest_names(kind: str) -> None:
    for one, rendered in everything(kind, "sms"):
        for text in (rendered.text.strip(), message(kind, one, **LONG)):
            assert len(text) <= LONGEST, f"{len(text)} {text}"


@pytest.mark.parametrize("kind", ["offer", "nudge", "no_time"])
@pytest.mark.parametrize("length", [40, 60, 80, 300])
def test_the_why_is_never_left_to_the_page(kind: str, length: int) -> None:
    """Whole with names as they are in life; with the longest names or a very long reason, cut at its end."""
    wording = ("the machine has to be repaired and nobody knows how long " * 9)[:length].strip()
    for one in situations(kind):
        if one.private or one.wished or (one.fault == "customer" and one.family != "operational"):
            continue
        text, longest = message(kind, one, reason__wording=wording), message(kind, one, **LONG, reason__wording=wording)
        assert max(len(text), len(longest)) <= LONGEST, f"{len(longest)} {longest}"
        if kind != "nudge":
            assert wording[:26] in longest, longest
            assert wording in text if length <= 40 else wording[:34] in text, text
            assert ("..." in text) == (wording not in text)


@pytest.mark.parametrize("kind", world.KINDS)
def test_it_stays_in_the_cheap_alphabet(kind: str) -> None:
    for _one, rendered in everything(kind, "sms"):
        assert set(rendered.text) - CHEAP == set()


@pytest.mark.parametrize(
    "kind", ["offer", "nudge", "expiry", "confirmation", "kept", "reminder", "acknowledgement", "reply"]
)
def test_the_link_stands_free_so_that_phones_recognise_it(kind: str) -> None:
    for _one, rendered in everything(kind, "sms"):
        assert f" {PAGE.replace('[[link]]', TOKEN)} " in rendered.text.replace("\n", " ")


@pytest.mark.parametrize("kind", ["offer", "nudge"])
def test_it_says_until_when(kind: str) -> None:
    for one, rendered in everything(kind, "sms"):
        until = "Sen 23 Nov, 17.00 WIB" if one.language == "id" else "Mon 23 Nov, 17:00 WIB"
        assert until in rendered.text


def test_it_reads_as_one_breath() -> None:
    assert message("offer", Situation()) == (
        "Klinik Sentosa: your appointment on Tue 24 Nov, 14:30 WIB cannot take place "
        "because our ultrasound machine has to be repaired. We are sorry. "
        f"Choose by Mon 23 Nov, 17:00 WIB: https://janji.kliniksentosa.example/r/{TOKEN}/ Sari Wulandari"
    )
    assert message("confirmation", Situation(language="id", honorific="ms")) == (
        "Klinik Sentosa: terkonfirmasi. Janji temu Ibu menjadi Kam 26 Nov, 14.30 WIB, dengan dr. Rizal Hamdani, "
        f"di Klinik Sentosa Menteng. Rincian: https://janji.kliniksentosa.example/r/{TOKEN}/ Sari Wulandari"
    )
