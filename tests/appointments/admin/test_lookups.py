"""What the address of a list may ask: its filters, its calendar, our own links. Nothing of it can break the page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.db.models import ForeignKey
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from appointments.adminlookups import LONGEST_SEARCH
from appointments.adminsite import ManagersSite
from notifications.models import Message
from tests.appointments.admin.pages import page, rows_of
from tests.appointments.admin.test_pages import fill
from tests.factories import CustomerFactory, UserFactory, clinic

ADMINS = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)
NAMES = [model._meta.label_lower for model, __ in ADMINS]
SURROGATE = b"\xed\xa0\x80"
HOSTILE_VALUES = [
    "abc", "", "-1", "9" * 30, "9" * 5000, "99999", "0", "\x00", "1'--", "(", "(a+)+b$", "x" * 10_000, "True", "nan",
    "2026-02-30", "0001-01-01", "9999-12-31", "9999-12-31 23:59:59+00:00", "0001-01-01 00:00:00+14:00", SURROGATE, "½",
]  # fmt: skip
HOSTILE_SEARCHES = ["x" * 10_000, "a " * 5_000, "\x00", SURROGATE, "'" * 150, '"a ' * 60, "%_\\", "1e999"]
SECRET_WORDS = ("secrets", "mime", "context", "true_if", "password", "token", "get_data", "post_data", "html")


@pytest.fixture
def owner(db: None) -> Client:
    """May see everything there is: whatever is refused is refused to all."""
    browser = Client()
    browser.force_login(User.objects.create_superuser("owner", password="anything"))
    return browser


def lists(label: str) -> list[str]:
    """The address of a list, and of its files if it has any."""
    noun = label.replace(".", "_")
    found = [reverse(f"admin:{noun}_changelist")]
    try:
        return [*found, reverse(f"admin:{noun}_export", args=["csv"])]
    except NoReverseMatch:
        return found


def model_admin_of(label: str) -> admin.ModelAdmin:
    return next(one for model, one in ADMINS if model._meta.label_lower == label)


def allowed(model_admin: admin.ModelAdmin) -> list[str]:
    """What the list may be asked: its filters, its calendar, the links of our own pages."""
    return sorted(model_admin.askable(RequestFactory().get("/")))  # type: ignore[attr-defined]  # see ManagersSite


def unasked(model: Any) -> Iterator[str]:
    """Look-ups that no page of ours asks: by every field, in ways that tell letters or keep a database busy."""
    for field in model._meta.get_fields():
        yield f"{field.name}__iregex"
        yield f"{field.name}__startswith"
        yield f"{field.name}__in"
        if isinstance(field, ForeignKey):
            yield f"{field.name}__pk__gt"
            for far in field.related_model._meta.get_fields():
                yield f"{field.name}__{far.name}__regex"
    yield from (
        "nothing_like_it",
        "pk__in",
        "id__lt",
        "user__password__startswith",
        "groups__user__password__gt",
        "a__",
    )


def test_the_walk_meets_the_lists_of_other_apps_too() -> None:
    assert {"axes.accessattempt", "notifications.message"} <= set(NAMES)


def answer(owner: User, model_admin: admin.ModelAdmin, query: dict[str, Any]) -> str:
    """Reads the page of a list without painting it: "shown" or "refused", and an exception for anything else."""
    request = RequestFactory().get("/", query)
    request.user = owner
    try:
        changelist = model_admin.get_changelist_instance(request)
    except SuspiciousOperation:
        return "refused"
    assert len(list(changelist.result_list)) <= model_admin.list_max_show_all
    return "shown"


@pytest.mark.parametrize("label", NAMES)
def test_what_no_page_asks_is_refused_in_every_list(owner: Client, label: str) -> None:
    model_admin = model_admin_of(label)
    colleague = User.objects.get(username="owner")

    shown = [name for name in unasked(model_admin.model) if answer(colleague, model_admin, {name: "a"}) != "refused"]

    assert shown == []
    for address in lists(label):
        assert owner.get(address, {"pk__iregex": "("}).status_code == 400


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.* received a naive datetime:RuntimeWarning")
@pytest.mark.parametrize("label", NAMES)
def test_no_value_of_a_filter_breaks_a_list(owner: Client, label: str) -> None:
    clinic().booked()
    colleague, model_admin = User.objects.get(username="owner"), model_admin_of(label)

    for name in [*allowed(model_admin), "o", "p", "all", "e", "_facets", "_popup"]:
        for value in HOSTILE_VALUES:
            year = f"{model_admin.date_hierarchy}__year"
            asked = {name: value} | ({year: "2026"} if name.endswith(("__month", "__day")) else {})
            assert answer(colleague, model_admin, asked) in ("shown", "refused"), asked


@pytest.mark.parametrize("label", NAMES)
def test_no_search_breaks_a_list(owner: Client, label: str) -> None:
    clinic().booked()
    colleague, model_admin = User.objects.get(username="owner"), model_admin_of(label)

    searches = [words for words in HOSTILE_SEARCHES if words != "\x00"]  # which never comes so far
    found = {words[:9]: answer(colleague, model_admin, {"q": words}) for words in searches}

    assert found["x" * 9] == found["a a a a a"] == "refused"


@pytest.mark.parametrize("model", ["customer", "appointment", "reschedulerequest"])
def test_nonsense_is_refused_with_a_page_and_an_honest_value_is_shown(owner: Client, model: str) -> None:
    fill(1)
    nonsense = ({"e": "1", "id__exact": "abc"}, {"q": "\x00"}, {"q": "a " * 5_000})
    for query in nonsense:
        for address in lists(f"appointments.{model}"):
            assert owner.get(address, query).status_code == 400, (address, query)
    assert owner.get(page(model), {"o": "1.-2", "q": "a"}).status_code == 200


@pytest.mark.parametrize("label", NAMES)
@pytest.mark.parametrize("value", ["password", "secrets", "user__password", "\x00", "x" * 10_000])
def test_no_other_column_becomes_the_key(owner: Client, label: str, value: str) -> None:
    noun = label.replace(".", "_")
    for address in (*lists(label), reverse(f"admin:{noun}_change", args=["1"])):
        response = owner.get(address, {"_to_field": value, "_popup": "1"})
        assert response.status_code in (302, 400, 403), address


@pytest.mark.parametrize("label", NAMES)
def test_a_row_that_cannot_be_does_not_break_its_page(owner: Client, label: str) -> None:
    noun = label.replace(".", "_")
    for key in ("abc", "\x00", "9" * 30, "½", "_00", "x" * 2_000):
        for view in ("change", "history", "delete"):
            status = owner.get(reverse(f"admin:{noun}_{view}", args=[key])).status_code
            assert status in (302, 400, 403, 404), (view, key)


@pytest.mark.django_db
def test_no_secret_can_be_asked_for() -> None:
    """Neither where it is nor through anything that leads there."""
    found = {
        (model._meta.label, name)
        for model, model_admin in ADMINS
        for name in allowed(model_admin)
        if any(word in name for word in SECRET_WORDS) or "regex" in name
    }

    assert found == set()


def test_a_waiting_key_is_not_guessed_letter_by_letter(owner: Client) -> None:
    address = reverse("admin:notifications_message_changelist")

    for name in ("secrets__link__startswith", "secrets__icontains", "mime__contains", "context__icontains"):
        response = owner.get(address, {name: "a"})
        assert response.status_code == 400
        assert not response.context.get("cl")


def test_the_refusal_is_a_page_of_ours_and_leads_back(browser_of_manager: Client) -> None:
    clinic()

    response = browser_of_manager.get(page("customer"), {"name__iregex": "("})

    html = response.content.decode()
    assert response.status_code == 400
    assert "This cannot be asked here" in html
    assert f'href="{page("customer")}"' in html
    english = html
    indonesian = browser_of_manager.get(
        page("customer"), {"name__iregex": "("}, headers={"accept-language": "id"}
    ).content.decode()
    assert '<html lang="id"' in indonesian
    assert indonesian != english


def test_a_file_is_never_of_more_than_was_asked(browser_of_manager: Client) -> None:
    """A filter that cannot be read gives no file, and not the file of everybody."""
    CustomerFactory()

    for query in ({"language__exact": "\x00"}, {"q": "\x00"}, {"q": "x" * 201}, {"id__exact": "abc"}, {"no": "1"}):
        assert browser_of_manager.get(page("customer", "export", "csv"), query).status_code == 400, query


def test_a_filter_asked_a_thousand_times_is_refused(owner: Client) -> None:
    clinic()

    assert owner.get(page("appointment"), {"state__exact": ["booked"] * 1_500}).status_code == 400
    assert owner.get(page("appointment"), {"state__exact": ["booked"] * 2}).status_code == 400
    assert owner.get(page("appointment"), {"state__exact": "booked"}).status_code == 200


@pytest.mark.parametrize("term", HOSTILE_SEARCHES)
def test_no_words_break_the_list_of_suggestions(owner: Client, term: Any) -> None:
    about = {"app_label": "appointments", "model_name": "resource", "field_name": "user"}

    for query in ({"term": term}, {"term": "a", "page": "\x00"}, {"term": "a", "page": "1e9"}, {"term": "a", "x": "1"}):
        status = owner.get(reverse("admin:autocomplete"), about | query).status_code
        assert status in (200, 400, 403, 404), query
    assert owner.get(reverse("admin:autocomplete"), about | {"model_name": "\x00"}).status_code == 400


def test_the_longest_search_is_still_answered(owner: Client) -> None:
    longest = CustomerFactory(name="A" * 150)

    assert rows_of(owner.get(page("customer"), {"q": "A" * 150})) == [longest]
    assert owner.get(page("customer"), {"q": "A" * LONGEST_SEARCH}).status_code == 200
    assert owner.get(page("customer"), {"q": "A" * (LONGEST_SEARCH + 1)}).status_code == 400


def test_the_filters_of_the_lists_still_filter(owner: Client) -> None:
    place = clinic()
    booked = place.booked("2026-11-24 10:00")

    def shown(model: str, **query: str) -> list[Any]:
        return rows_of(owner.get(page(model), query))

    assert shown("location", zone="Asia/Jakarta") == [place.location]
    assert shown("location", zone="Asia/Tokyo") == []
    assert shown("appointment", source__isempty="1", location__id__exact=str(place.location.pk)) == [booked]
    assert shown("appointment", customer__id__exact=str(booked.customer_id)) == [booked]
    assert shown("appointment", customer__id__exact="0") == []
    message = reverse("admin:notifications_message_changelist")
    assert owner.get(message, {"about__exact": booked.about}).status_code == 200
    assert owner.get(message, {"created_at__gte": "2026-11-24 00:00:00+07:00"}).status_code == 200


@pytest.mark.django_db
def test_a_list_that_is_registered_later_is_narrow_as_well() -> None:
    """Registering is the one place: a new list cannot forget it."""
    site = ManagersSite("another")
    site.register(Message)
    site.register(User, UserAdmin)

    for model_admin in site._registry.values():
        assert not model_admin.lookup_allowed("name__startswith", "a", RequestFactory().get("/"))


@pytest.mark.parametrize("label", NAMES)
@pytest.mark.parametrize("key", ["abc", "9" * 30, "\x00", ""])
def test_rows_that_cannot_be_are_not_acted_on(owner: Client, label: str, key: str) -> None:
    (address, *__) = lists(label)
    for action in ("delete_selected", "send_again", "no_such_thing"):
        response = owner.post(address, {"action": action, "_selected_action": key, "index": "0"})
        assert response.status_code in (200, 302, 400, 403), action


@pytest.mark.django_db
def test_only_managers_learn_what_may_be_asked(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get(page("customer"), {"name__iregex": "("}).status_code == 302
