from datetime import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.survey.codes import CodeReader, code_number, code_text
from drivers.survey.table import SurveyTable


def reader(values, missing=(), **table) -> CodeReader:
    return CodeReader(SurveyTable(pd.DataFrame({"q": values}), "survey.csv", **table), missing)


@pytest.mark.parametrize(
    ("code", "number"),
    [("7", 7), (" 7.5 ", 7.5), ("-1e3", -1000), (".5", 0.5), (True, 1), (np.int8(3), 3), (Decimal("1.5"), 1.5)],
)
def test_a_number_may_be_stored_in_many_ways(code, number):
    assert code_number(code) == number


@pytest.mark.parametrize(
    "code", ["", "x", "1,5", "1_0", "0x1", "inf", "nan", "٣x", float("inf"), datetime(2024, 1, 1), None]
)
def test_nothing_else_is_a_number(code):
    assert code_number(code) is None


def test_under_a_decimal_comma_a_dot_is_no_decimal_sign():
    assert code_number("1,5", ",") == 1.5
    assert code_number("1.500", ",") is None
    assert code_number(1.5, ",") == 1.5


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_survives_as_text(number):
    assert code_number(repr(number)) == number


@pytest.mark.parametrize(
    ("code", "text"),
    [(2024.0, "2024"), ("2024.0", "2024"), ("007", "007"), (1.5, "1.5"), (pd.Timestamp("2024-03-01"), "2024-03-01")],
)
def test_codes_are_written_as_people_write_them(code, text):
    assert code_text(code) == text


def test_dates_are_never_read_as_numbers():
    read = reader(pd.to_datetime(["2024-01-01", "2024-01-02"])).numbers("q")
    assert dict(read.unreadable) == {"2024-01-01": 1, "2024-01-02": 1}


def test_mixed_cells_are_read_one_by_one():
    read = reader(pd.Series([7, "7", 7.0, None, "x", ""], dtype=object)).numbers("q")
    assert read.numbers[:3].tolist() == [7, 7, 7]
    assert np.isnan(read.numbers[3:]).all()
    assert dict(read.unreadable) == {"x": 1}


def test_infinite_numbers_are_unreadable():
    assert dict(reader([1.0, np.inf]).numbers("q").unreadable) == {"inf": 1}


def test_stata_letters_declared_missing_are_no_answers():
    read = reader(pd.Series([1.0, "a"], dtype=object), declared_missing={"q": (("a", "a"),)}).numbers("q")
    assert np.isnan(read.numbers[1])
    assert not read.unreadable


def test_declared_ranges_hold_their_ends():
    read = reader([5.0, 7, 8, 9, 10], declared_missing={"q": ((7.0, 9.0),)}).numbers("q")
    assert np.isnan(read.numbers).tolist() == [False, True, True, True, False]


def test_codes_of_the_client_file_are_counted():
    assert reader([99.0, 99, 1], missing=(99.0,)).numbers("q").coded_missing == 2
    assert reader([99.0, 99, 1], missing=(99.0,)).numbers("q", missing=False).coded_missing == 0
