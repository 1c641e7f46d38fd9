from pathlib import Path

from headwater_local.inspection.lake import connect, scan, scan_of_file, show


def test_a_location_cannot_leave_its_quotes() -> None:
    assert scan("s3://x/it's.json") == "iceberg_scan('s3://x/it''s.json')"


def test_a_moved_table_is_scanned_by_its_folder_and_version() -> None:
    assert scan_of_file(Path("/x/events/metadata/00002-ab.gz.metadata.json")) == (
        "iceberg_scan('/x/events', version = '00002-ab.gz', allow_moved_paths = true)"
    )


def test_a_name_cannot_leave_its_quotes() -> None:
    with connect() as connection:
        show(connection, {'a"b': "range(2)"})

        assert connection.execute('select count(*) from "a""b"').fetchall() == [(2,)]
