from pathlib import Path

import pytest

from headwater_writer.spark import app_cds
from headwater_writer.spark.app_cds import AppCdsError, dump


def test_starts_from_an_archive_and_goes_on_if_it_does_not_fit() -> None:
    flags = app_cds.use(Path("/opt/writer.jsa"))

    assert "-XX:SharedArchiveFile=/opt/writer.jsa" in flags
    assert "-Xshare:auto" in flags


def test_notes_the_classes_of_a_training_run() -> None:
    assert app_cds.list_classes(Path("/tmp/classes")) == (  # noqa: S108
        "-XX:DumpLoadedClassList=/tmp/classes",
    )


def test_says_what_java_said_when_it_wrote_no_archive(tmp_path: Path) -> None:
    with pytest.raises(AppCdsError, match=r"Java did not write the AppCDS archive: .+"):
        dump(tmp_path / "no classes", tmp_path / "no jars", tmp_path / "writer.jsa")

    assert list(tmp_path.iterdir()) == []
