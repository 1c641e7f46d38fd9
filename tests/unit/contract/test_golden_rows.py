"""Every golden case goes the pure part of the route: validated, packed, unpacked, shaped."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import pytest

from golden.cases import Case, accepted, rejected
from headwater_collector.gpc import by_policy
from headwater_collector.routes import Collect, find_route
from headwater_collector.validation import Validation
from headwater_contract.stream_record import pack, unpack
from headwater_contract.tables import TABLES
from headwater_contract.times import format_time
from headwater_writer.rows.rows import Row, Rules, shape

COLUMNS: Final = {table.name: {column.name for column in table.columns} for table in TABLES}

every_accepted = pytest.mark.parametrize("case", accepted(), ids=str)
every_rejected = pytest.mark.parametrize("case", rejected(), ids=str)


def validated(case: Case) -> Validation:
    route = find_route("POST", case.route)
    assert isinstance(route, Collect)
    return route.validate(case.body)


def packed(case: Case) -> bytes:
    envelope = case.envelope
    validations: Sequence[Validation] = [validated(case)]
    if case.gpc_policy:
        envelope, validations = by_policy(case.gpc_policy, envelope, validations)
    (data,) = pack(envelope, [validation.entry for validation in validations])
    return data


def rows_of(case: Case) -> Mapping[str, Row]:
    data = packed(case)
    record = unpack(data)
    shaped = shape(record.entries[0], record.envelope, Rules())
    return {"events": shaped.event, "identifies": shaped.identify or {}}


def as_in_cases(row: Row, expected: Mapping[str, object]) -> Row:
    return {name: _value_as_in_cases(row[name], value) for name, value in expected.items()}


def _value_as_in_cases(value: object, expected: object) -> object:
    match value, expected:
        case datetime(), _:
            return format_time(value)
        case str(), dict():
            return json.loads(value)
    return value


@every_accepted
def test_becomes_the_rows_of_its_case(case: Case) -> None:
    rows = rows_of(case)

    assert {table: as_in_cases(rows[table], row) for table, row in case.rows.items()} == case.rows


@every_accepted
def test_becomes_rows_in_the_tables_of_its_case_only(case: Case) -> None:
    assert {table for table, row in rows_of(case).items() if row} == set(case.rows)


@every_accepted
def test_fills_columns_that_the_tables_have(case: Case) -> None:
    for table, row in rows_of(case).items():
        assert set(row) <= COLUMNS[table]


@every_rejected
def test_is_refused_with_the_reason_of_its_case(case: Case) -> None:
    assert case.reason in str(validated(case).refusal)
