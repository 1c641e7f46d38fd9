from headwater_writer.lake.metadata_files import of_highest_version

FOLDER = "s3://bucket/lake/events/metadata"


def test_takes_the_highest_number_and_no_other_file() -> None:
    files = [
        f"{FOLDER}/00009-a.gz.metadata.json",
        f"{FOLDER}/00010-b.gz.metadata.json",
        f"{FOLDER}/00011-c-m0.avro",
        f"{FOLDER}/snap-99999-1-d.avro",
        f"{FOLDER}/clock-e.metadata.json",
        f"{FOLDER}/00002-f.metadata.json",
    ]

    assert of_highest_version(files) == [f"{FOLDER}/00010-b.gz.metadata.json"]


def test_tells_of_both_attempts_at_a_commit() -> None:
    attempts = [f"{FOLDER}/00003-b.metadata.json", f"{FOLDER}/00003-a.gz.metadata.json"]

    found = of_highest_version([*attempts, f"{FOLDER}/00002-c.metadata.json"])

    assert found == sorted(attempts)


def test_leaves_what_a_commit_wrote_whose_table_was_dropped_meanwhile() -> None:
    assert of_highest_version([f"{FOLDER}/00007-a.gz.metadata.json"]) == []


def test_leaves_a_table_that_never_changed_and_an_empty_folder() -> None:
    assert of_highest_version([f"{FOLDER}/00000-a.gz.metadata.json"]) == []
    assert of_highest_version([]) == []
