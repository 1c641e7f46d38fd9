"""The properties of an existing table: which of them anybody may set, and which are repaired.

A table keeps the properties that it was created with, perhaps by an older version, and anybody may
set them. Iceberg reads them before each file and each commit, and fails if a number is not one:
after one slip, no batch is written until somebody finds it. So a value that Iceberg cannot use is
replaced by that of a new table, and what is missing of ours is added. Everything else stays as it
is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from headwater_writer.lake.ddl import PROPERTIES


class _Form(Protocol):
    """The values that a property may have."""

    def allows(self, text: str) -> bool:
        """Return whether a text is such a value."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``least`` to the most that Java's type for it holds."""

    least: int
    most: int

    def allows(self, text: str) -> bool:
        """Return whether a text is such a number."""
        return text.isascii() and text.isdigit() and self.least <= int(text) <= self.most


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words, regardless of case."""

    words: frozenset[str]

    def allows(self, text: str) -> bool:
        """Return whether a text is one of them."""
        return text.lower() in self.words


def _whole(least: int, *names: str) -> Mapping[str, Whole]:
    return dict.fromkeys(names, Whole(least, 2**31 - 1))


def _long(least: int, *names: str) -> Mapping[str, Whole]:
    return dict.fromkeys(names, Whole(least, 2**63 - 1))


def _choice(words: str, *names: str) -> Mapping[str, Choice]:
    return dict.fromkeys(names, Choice(frozenset(words.split())))


_STATISTICS: Final = "write.metadata.metrics.column."
_VERSIONS: Final = "write.metadata.previous-versions-max"

FORMS: Final[Mapping[str, _Form]] = {
    **_whole(
        0,
        "commit.retry.num-retries",
        "commit.retry.min-wait-ms",
        "commit.retry.max-wait-ms",
        "commit.retry.total-timeout-ms",
        "commit.status-check.num-retries",
        "commit.manifest.min-count-to-merge",
        "write.avro.compression-level",
        "write.manifest.compression-level",
        "write.metadata.metrics.max-inferred-column-defaults",
        "write.parquet.compression-level",
        "write.summary.partition-limit",
    ),
    **_whole(
        1,
        "history.expire.min-snapshots-to-keep",
        "read.parquet.vectorization.batch-size",
        "read.split.planning-lookback",
        "write.parquet.bloom-filter-max-bytes",
        "write.parquet.dict-size-bytes",
        "write.parquet.page-row-limit",
        "write.parquet.page-size-bytes",
        "write.parquet.row-group-check-max-record-count",
        "write.parquet.row-group-check-min-record-count",
        "write.parquet.row-group-size-bytes",
        "write.parquet.variant-inference-buffer-size",
    ),
    # With fewer than a new table has, Iceberg may take a successful commit for failed.
    **_whole(int(PROPERTIES[_VERSIONS]), _VERSIONS),
    **_long(
        0,
        "commit.status-check.max-wait-ms",
        "commit.status-check.min-wait-ms",
        "commit.status-check.total-timeout-ms",
        "history.expire.max-snapshot-age-ms",
        "read.split.open-file-cost",
    ),
    **_long(
        1,
        "commit.manifest.target-size-bytes",
        "history.expire.max-ref-age-ms",
        "read.split.metadata-target-size",
        "read.split.target-size",
        "write.delete.target-file-size-bytes",
        "write.target-file-size-bytes",
    ),
    **_choice(
        "true false",
        "commit.manifest-merge.enabled",
        "gc.enabled",
        "write.metadata.delete-after-commit.enabled",
    ),
    **_choice("none gzip", "write.metadata.compression-codec"),
    **_choice(
        "zstd snappy gzip uncompressed",
        "write.avro.compression-codec",
        "write.manifest.compression-codec",
        "write.parquet.compression-codec",
    ),
    **_choice("v1 v2", "write.parquet.page-version"),
    **_choice("parquet orc avro", "write.format.default", "write.delete.format.default"),
    **_choice("none hash range", "write.distribution-mode"),
    **_choice("snapshot serializable", "write.delete.isolation-level"),
}
"""The values of each property that Iceberg reads when it writes, commits or cleans up."""

_KEPT: Final = {name: text for name, text in PROPERTIES.items() if name != "format-version"}
"""What every table has, without the version, which Iceberg takes for an order to upgrade."""


def repaired(held: Mapping[str, str]) -> Mapping[str, str]:
    """Return the properties that a table is to have, given those that it has."""
    usable = {name: text for name, text in held.items() if _is_usable(name, text)}
    return {**_KEPT, **usable}


def without_stray_statistics(
    held: Mapping[str, str], columns: Collection[str]
) -> Mapping[str, str]:
    """Return the properties but those for statistics of columns that a table does not have.

    Iceberg refuses every commit if there is one. Fields within a column follow its name and a dot.
    """
    return {
        name: text
        for name, text in held.items()
        if not name.startswith(_STATISTICS)
        or name.removeprefix(_STATISTICS).partition(".")[0] in columns
    }


def _is_usable(name: str, text: str) -> bool:
    return name not in FORMS or FORMS[name].allows(text)
