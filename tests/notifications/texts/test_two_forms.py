"""The plain and the rich form of a letter: the same words, the same offers, nothing from elsewhere."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.template import Context, Engine, engines
from django.utils import translation

from notifications.templatetags.wording import addressed, clause, dialled, shorten
from notifications.text.names import called
from notifications.text.values import Rendered
from tests.notifications.texts import world
from tests.notifications.texts.world import TOKEN, Situation, everything, write


class Page(HTMLParser):
    """What a reader sees of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden += tag in {"style", "title"}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())


def sentences(text: str) -> list[str]:
    """The sentences of a plain letter that are sentences: no lists, links or greetings."""
    body = re.sub(r"https?://\S+", "", text.split("\n--\n", maxsplit=1)[0])
    return [
        one
        for paragraph in body.split("\n\n")[1:]
        for one in paragraph.split("\n")
        if one.rstrip().endswith((".", "?"))
    ]


def page_of(rendered: Rendered) -> Page:
    return Page(rendered.html)


@pytest.mark.parametrize("kind", world.KINDS)
def test_both_forms_say_the_same(kind: str) -> None:
    for _one, rendered in everything(kind, "email"):
        rich = re.sub(r"\s+([.,:?])", r"\1", page_of(rendered).text)
        missing = [said for said in sentences(rendered.text) if " ".join(said.split()) not in rich]
        assert missing == [], rich


@pytest.mark.parametrize("kind", world.KINDS)
def test_both_forms_lead_to_the_same_pages(kind: str) -> None:
    for _one, rendered in everything(kind, "email"):
        plain = re.findall(r"https?://\S+", rendered.text)
        assert [link for link in page_of(rendered).links if link.startswith("http")] == plain


@pytest.mark.parametrize("language", world.LANGUAGES)
def test_each_offer_is_a_link_that_opens_the_page_with_it_chosen(language: str) -> None:
    one = Situation(language=language)
    html = write("offer", "email", one).html
    cards = re.findall(r'<a class="offer" href="([^"]+)"[^>]*>(.*?)</a>', html, flags=re.DOTALL)
    expected = [offer["url"].replace("[[link]]", TOKEN) for offer in world.offers(one)]
    assert [unescape(link) for link, _inside in cards] == expected
    for _link, inside in cards:
        assert Page(inside).text.endswith("Pilih waktu ini" if language == "id" else "Choose this time")
        assert "WIB" in Page(inside).text


@pytest.mark.parametrize("kind", world.KINDS)
def test_nothing_is_fetched_and_nobody_is_watched(kind: str) -> None:
    for _one, rendered in everything(kind, "email"):
        page = page_of(rendered)
        assert page.tags & {"img", "script", "link", "iframe", "form", "video", "object"} == set()
        assert "style" in page.tags
        assert {link.split(":")[0] for link in page.links} <= {"https", "tel", "mailto"}


def test_the_phone_number_can_be_tapped() -> None:
    assert "tel:+622155501234" in page_of(write("offer", "email", Situation())).links


def test_what_people_write_is_inert_in_the_rich_form() -> None:
    evil = '<script>alert("x")</script><a href="https://evil.example">'
    changed = {
        "customer__name": evil, "business__name": evil, "contact__name": evil, "service__name": evil,
        "service__stays": evil, "place__name": evil, "place__address": evil, "was__person": evil,
        "reason__wording": evil, "personal_note": f"{evil}\n{evil}",
    }  # fmt: skip
    page = page_of(write("offer", "email", Situation(), **changed))
    assert "script" not in page.tags
    assert [link for link in page.links if "evil" in link] == []
    assert page.text.count('alert("x")') >= len(changed)


@pytest.mark.parametrize(
    ("honorific", "expected"), [("mr", "Bapak"), ("ms", "Ibu"), ("", "Bapak/Ibu"), ("dr", "Bapak/Ibu")]
)
def test_how_a_customer_is_addressed(honorific: str, expected: str) -> None:
    with translation.override("id"):
        assert addressed({"honorific": honorific}) == expected
        assert addressed({}) == "Bapak/Ibu"
    text = write("offer", "email", Situation(language="id", honorific=honorific)).text
    assert text.startswith(f"Yth. {expected} Budi Santoso,\n")


@pytest.mark.parametrize(
    ("name", "english", "indonesian"),
    [
        ("Hj. Siti Aminah", "Dear Hj. Siti Aminah,", "Yth. Ibu Hj. Siti Aminah,"),
        ("Ny. Ratna", "Dear Ms Ratna,", "Yth. Ibu Ratna,"),
        ("Mrs Smith", "Dear Mrs Smith,", "Yth. Ibu Smith,"),
        ("Mr. and Mrs. Smith", "Dear Mr. and Mrs. Smith,", "Yth. Ibu Smith,"),
        ("dr. Rina, Sp.A", "Dear dr. Rina,", "Yth. Ibu dr. Rina, Sp.A,"),
        ("Ibu dr. Rina", "Dear dr. Rina,", "Yth. Ibu dr. Rina,"),
        ("Wijaya, Dewi", "Dear Dewi Wijaya,", "Yth. Ibu Dewi Wijaya,"),
        ("Dewi", "Dear Dewi,", "Yth. Ibu Dewi,"),
        ("Anak Dito", "Dear parent or guardian of Dito,", "Yth. orang tua/wali Dito,"),
        ("PT Maju Jaya", "Dear PT Maju Jaya,", "Yth. PT Maju Jaya,"),
        ("ana@example.com", "Good day,", "Yth. Ibu,"),
        ("Hj.", "Good day,", "Yth. Ibu,"),
    ],
)
def test_a_letter_begins_with_the_name(name: str, english: str, indonesian: str) -> None:
    for language, greeting in (("en", english), ("id", indonesian)):
        situation = Situation(language=language, honorific="ms")
        assert write("offer", "email", situation, customer__name=name).text.startswith(f"{greeting}\n")


@pytest.mark.parametrize(
    ("name", "english", "indonesian"),
    [
        ("Ny. Ratna", "Ms Ratna", "Ibu Ratna"),
        ("Anak Dito", "a parent or guardian of Dito", "orang tua/wali Dito"),
        ("PT Maju Jaya", "PT Maju Jaya", "PT Maju Jaya"),
        ("ana@example.com", "ana@example.com", "ana@example.com"),
    ],
)
def test_a_call_asks_for_the_same_person(name: str, english: str, indonesian: str) -> None:
    for language, whom in (("en", f"speaking with {english}?"), ("id", f"berbicara dengan {indonesian}?")):
        situation = Situation(language=language, honorific="ms")
        assert whom in write("offer", "call", situation, customer__name=name).text


@pytest.mark.parametrize(
    ("name", "english", "indonesian"),
    [
        ("Hj. Siti Aminah", "Siti", "Ibu Siti"),
        ("Mrs Smith", "Mrs Smith", "Ibu Smith"),
        ("Anak Dito", "Hello", "Ibu"),
        ("Hj.", "Hello", "Ibu"),
        ("ana@example.com", "Hello", "Ibu"),
        ("PT Maju Jaya", "PT Maju Jaya", "PT Maju Jaya"),
    ],
)
def test_how_a_page_speaks_to_them(name: str, english: str, indonesian: str) -> None:
    customer = {"name": name, "first_name": called(name).first or name, "honorific": "ms"}
    for language, first in (("en", english), ("id", indonesian)):
        with translation.override(language):
            page = engines["django"].from_string('{% load wording %}{% say "address" %}')
            assert page.render({"customer": customer}) == first


def test_names_are_cut_after_a_whole_word() -> None:
    assert shorten("Klinik Sentosa", 24) == "Klinik Sentosa"
    assert shorten("Klinik Ibu dan Anak Sentosa Medika", 24) == "Klinik Ibu dan Anak"
    assert shorten("Klinik Sentosa & Rekan", 17) == "Klinik Sentosa"
    assert shorten("Donaudampfschifffahrtsgesellschaft", 10) == "Donaudampf"
    assert shorten("  two\n lines ", 20) == "two lines"


def test_a_wording_fits_into_a_sentence_whatever_the_manager_typed() -> None:
    assert clause(" the machine is\nbroken. ") == "the machine is broken"


def test_numbers_are_grouped_for_reading() -> None:
    assert dialled("+6281234567890") == "+62 812-3456-7890"
    assert dialled("ask at the desk") == "ask at the desk"


def test_a_letter_written_once_has_two_forms() -> None:
    source = (
        "{% load letter %}{% heading %}Hi{% endheading %}{% para %}One\n  two{% endpara %}|"
        '{% facts %}{% fact "Where" %}{{ place }}{% endfact %}{% fact "Who" %}{% endfact %}{% endfacts %}|'
        '{% button url "Go" %}|{% quote words %}'
    )
    values = {"place": "A & B", "words": "one <b>\ntwo", "url": "https://a.example/?b=1&c=2"}
    libraries = {"letter": "notifications.templatetags.letter"}
    plain = Engine(autoescape=False, libraries=libraries).from_string(source)
    assert plain.render(Context(values, autoescape=False)) == (
        "One two|Where: A & B|Go:\nhttps://a.example/?b=1&c=2|  one <b>\n  two"
    )
    rich = Engine(libraries=libraries).from_string(source).render(Context({**values, "rich": True}))
    assert rich == (
        "<h1>Hi</h1><p>One two</p>|"
        '<table role="presentation" class="facts" cellpadding="0" cellspacing="0">'
        '<tr><td class="label">Where</td><td class="value">A &amp; B</td></tr></table>|'
        '<a class="button" href="https://a.example/?b=1&amp;c=2">Go</a>|'
        '<blockquote class="note">one &lt;b&gt;<br>two</blockquote>'
    )
