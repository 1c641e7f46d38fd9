import gzip

from headwater_local.ministack.catalog import decoded, metadata_location


def test_an_iceberg_table_names_its_metadata() -> None:
    assert metadata_location({"Name": "events", "Parameters": {"metadata_location": "s3://m"}}) == (
        "s3://m"
    )


def test_another_table_has_none() -> None:
    assert metadata_location({"Name": "csv"}) is None


def test_reads_metadata_whether_it_is_compressed_or_not() -> None:
    plain, compressed = b'{"format-version": 2}', gzip.compress(b'{"format-version": 2}')

    assert decoded("s3://lake/events/metadata/1-a.metadata.json", plain) == {"format-version": 2}
    assert decoded("s3://lake/events/metadata/1-a.gz.metadata.json", compressed) == {
        "format-version": 2
    }
