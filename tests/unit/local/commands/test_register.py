from headwater_local.commands.register import described


def test_says_by_what_a_table_is_registered() -> None:
    done = {
        "metadata": "s3://lake/events/metadata/00007-a.gz.metadata.json",
        "written_at": "2026-01-31T13:37:00+00:00",
        "rows": 12345,
    }

    assert described("events", done, dry=False) == (
        "events is registered with 12,345 rows, as of 2026-01-31T13:37:00 UTC, "
        "from s3://lake/events/metadata/00007-a.gz.metadata.json"
    )
    assert described("events", done, dry=True).startswith("events would be registered with")
