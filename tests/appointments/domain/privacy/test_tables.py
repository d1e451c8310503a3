"""Each table says how long what it holds is kept."""

from django.apps import apps

from appointments.domain.privacy.inventory import WORDS
from appointments.domain.privacy.sentences import GOES, STAYS
from appointments.domain.privacy.stores import STORES
from appointments.domain.privacy.tables import TABLES
from appointments.enums import DataKind
from appointments.enums.privacy import LIMITS
from tests.house.source import ROOT


def test_each_table_of_the_database_is_named_and_no_other() -> None:
    there = {model._meta.label for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    assert there - TABLES.keys() == set()
    assert TABLES.keys() - there == set()


def test_each_kind_has_a_period_sentences_and_something_that_takes_it_away() -> None:
    for known in (LIMITS, GOES, STAYS, {one.kind for one in STORES}):
        assert set(known) == set(DataKind)


def test_what_is_taken_away_is_of_the_kind_that_the_table_says() -> None:
    wrong = [one.model._meta.label for one in STORES if one.kind not in TABLES[one.model._meta.label]]
    assert wrong == []


def test_words_about_a_person_stand_in_tables_of_their_kind_and_each_belongs_to_one() -> None:
    for words in WORDS:
        by_kind = {kind: words.of_kind(kind) for kind in (DataKind.WORDS, DataKind.NOTES)}
        if words.name == "misusenote":
            assert by_kind == {DataKind.WORDS: (), DataKind.NOTES: ()}
            continue
        assert sorted(sum(by_kind.values(), ())) == sorted(words.fields)
        missing = {kind for kind, fields in by_kind.items() if fields} - set(TABLES[words.model._meta.label])
        assert missing == set(), words.name


def test_a_table_with_a_period_is_emptied_by_something() -> None:
    """By a store of its own, or with the words of an appointment or the rows that it hangs on."""
    own = {one.model._meta.label for one in STORES}
    with_words = {words.model._meta.label for words in WORDS}
    along = {
        "notifications.DeliveryAttempt",  # with its message
        "appointments.Invitation_places",  # with their invitation
        "axes.AccessAttemptExpiration",  # with its attempt
    }
    kept = {label for label, holds in TABLES.items() if any(isinstance(one, DataKind) for one in holds)}
    assert kept - own - with_words == along


def test_the_handbook_says_the_same_periods() -> None:
    handbook = (ROOT / "docs/operations.md").read_text().partition("| kind | days | at least |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in handbook.splitlines()[2:]]
    said = {name: (int(least), int(days)) for names, days, least in rows for name in names.split(" · ")}
    assert said == {str(kind.label).lower(): LIMITS[kind][:2] for kind in DataKind}
