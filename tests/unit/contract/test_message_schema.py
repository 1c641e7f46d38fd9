import json
from pathlib import Path

import jsonschema_rs
import pytest

from golden.cases import Case, messages

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/message.schema.json").read_text(encoding="utf-8")
)
SAID_TO_BE_REFUSED = [case for case in messages() if "schema" in case.refused_by]
SAID_TO_BE_ACCEPTED = [case for case in messages() if "schema" not in case.refused_by]


def test_is_a_schema_of_its_draft() -> None:
    assert jsonschema_rs.meta.is_valid(SCHEMA)


@pytest.mark.parametrize("case", SAID_TO_BE_ACCEPTED, ids=str)
def test_accepts_what_the_golden_cases_say(case: Case) -> None:
    assert jsonschema_rs.is_valid(SCHEMA, case.message)


@pytest.mark.parametrize("case", SAID_TO_BE_REFUSED, ids=str)
def test_refuses_what_the_golden_cases_say(case: Case) -> None:
    assert not jsonschema_rs.is_valid(SCHEMA, case.message)
