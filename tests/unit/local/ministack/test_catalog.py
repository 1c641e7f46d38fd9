from headwater_local.ministack.catalog import metadata_location


def test_an_iceberg_table_names_its_metadata() -> None:
    assert metadata_location({"Name": "events", "Parameters": {"metadata_location": "s3://m"}}) == (
        "s3://m"
    )


def test_another_table_has_none() -> None:
    assert metadata_location({"Name": "csv"}) is None
