"""Which column is which."""

import pytest

from tests.appointments.domain.imports.reading.samples import said, table


def test_first_and_last_names_make_a_name():
    assert [row.customer_name for row in table("First Name,Last Name,Start\nAnn,Lee,2026-11-24 10:00").rows] == [
        "Ann Lee"
    ]


def test_titles_above_the_headings_and_blank_lines_do_not_matter():
    reading = table("Jadwal Klinik,,\n\n,,\nNama,Tanggal,Jam\n\nA,2026-11-24,10:00\n,,\n\nB,2026-11-24,11:00\n")
    assert [(row.line, row.customer_name) for row in reading.rows] == [(6, "A"), (9, "B")]
    assert said(reading) == []


@pytest.mark.parametrize("mapping", [{"customer_name": "Who?"}, {"Who?": "customer_name"}, {"customer_name": "WHO"}])
def test_columns_with_other_names_can_be_named(mapping):
    reading = table("Who?,Mulai\nA,2026-11-24 10:00", mapping=mapping)
    assert [row.customer_name for row in reading.rows] == ["A"]


def test_a_named_column_comes_before_a_recognised_one():
    reading = table("Name,Nickname,Start\nAnn,Annie,2026-11-24 10:00", mapping={"customer_name": "Nickname"})
    assert [row.customer_name for row in reading.rows] == ["Annie"]


def test_names_of_columns_that_are_not_there_are_told_with_those_that_are():
    reading = table("Who,Start\nA,2026-11-24 10:00", mapping={"customer_name": "Nama"})
    assert said(reading) == [(1, "error", "There is no column “Nama”. The columns are: Who, Start.")]
    wrong = table("Who,Start\nA,2026-11-24 10:00", mapping={"shoe_size": "Who"})
    assert [str(problem.message).partition(":")[0] for problem in wrong.problems] == [
        "“shoe_size” is no field. Fields are"
    ]


def test_columns_that_mean_nothing_here_are_told():
    reading = table("Name,Start,Shoe size,Start\nA,2026-11-24 10:00,42,")
    assert said(reading) == [(1, "note", "Not imported are the columns: Shoe size, Start.")]


def test_headings_that_nobody_knows_are_told_with_those_that_are_there():
    assert said(table("a,b\n1,2")) == [
        (1, "error", "No column with a date was recognised. The columns are: a, b. Please say which is which.")
    ]
    assert said(table("Start,b\n2026-11-24 10:00,2")) == [
        (1, "error", "No column with a customer was recognised. The columns are: Start, b. Please say which is which.")
    ]
    assert said(table("Name,Jam\nA,10:00")) == [
        (1, "error", "No column with a date was recognised. The columns are: Name, Jam. Please say which is which.")
    ]
