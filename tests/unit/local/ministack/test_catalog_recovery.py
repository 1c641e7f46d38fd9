from headwater_local.ministack.catalog_recovery import Metadata, highest_version, table_entry

FOLDER = "lake/events/metadata"


def _at(version: int, updated: int) -> Metadata:
    location = f"s3://b/{FOLDER}/{version:05}-{updated}.metadata.json"
    return Metadata(version, updated, location, "s3://b/lake/events")


def test_chooses_the_highest_version_as_a_number() -> None:
    keys = [f"{FOLDER}/99999-a.metadata.json", f"{FOLDER}/100000-b.metadata.json"]

    assert highest_version(keys) == (100000, [f"{FOLDER}/100000-b.metadata.json"])


def test_keeps_every_file_of_the_highest_version() -> None:
    keys = [f"{FOLDER}/{name}.metadata.json" for name in ("00001-z", "00002-b", "00002-a")]

    assert highest_version(keys) == (2, keys[1:])


def test_manifests_are_not_metadata() -> None:
    keys = [f"{FOLDER}/snap-123-1-abc.avro", f"{FOLDER}/00007-abc-m0.avro"]

    assert highest_version(keys) == (-1, [])


def test_the_later_file_of_one_version_is_the_newest() -> None:
    assert max(_at(2, 1000), _at(2, 2000), _at(1, 3000)) == _at(2, 2000)


def test_a_new_entry_is_an_iceberg_table() -> None:
    entry = table_entry("events", _at(1, 1000), None)

    assert entry["TableType"] == "EXTERNAL_TABLE"
    assert entry["Parameters"] == {
        "table_type": "ICEBERG",
        "metadata_location": _at(1, 1000).location,
    }


def test_an_older_entry_keeps_its_parameters_and_remembers_where_it_pointed() -> None:
    present = {"Name": "events", "Parameters": {"owner": "us", "metadata_location": "s3://old"}}

    entry = table_entry("events", _at(1, 1000), present)  # type: ignore[arg-type]

    assert entry["Parameters"]["owner"] == "us"
    assert entry["Parameters"]["previous_metadata_location"] == "s3://old"
    assert entry["Parameters"]["metadata_location"] == _at(1, 1000).location
