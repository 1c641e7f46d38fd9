"""Who an id belongs to, link by link."""

import pytest

from headwater_local.questions.athena_dialect import to_duckdb
from headwater_local.questions.pack import views
from unit.queries.reference import Lake
from unit.queries.rows import identify, in_duckdb


@pytest.mark.parametrize(
    ("links", "users"),
    [
        (["device>ada"], {"device": "ada"}),
        (["device>ada", "device>ada"], {"device": "ada"}),
        (["phone>ada", "laptop>ada"], {"phone": "ada", "laptop": "ada"}),
        (["device>ada", "device>bob"], {}),
        (["device>old", "old>new"], {"device": "new", "old": "new"}),
        (["device>old", "old>new", "device>new"], {"device": "new", "old": "new"}),
        (["device>old", "old>ada", "old>bob"], {"device": "old"}),
        (["ada>ada"], {}),
    ],
)
def test_an_id_is_its_one_users_over_two_steps(links: list[str], users: dict[str, str]) -> None:
    rows = [identify(number, "web", *link.split(">")) for number, link in enumerate(links)]
    with in_duckdb(Lake([], rows)) as connection:
        found = connection.execute(to_duckdb(views()["users"])).fetchall()

    assert {id_: user for _, id_, user in found} == users
