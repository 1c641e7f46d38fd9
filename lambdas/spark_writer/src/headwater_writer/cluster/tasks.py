"""Rows that are made by tasks, as a source of data for Spark.

``mapInArrow`` would want pandas on every machine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from headwater_contract.columns import Table
from headwater_writer.cluster.columns import schema

_FORMAT: Final = "headwater_tasks"

Run: TypeAlias = Callable[[int], Iterator[pa.RecordBatch]]
"""Runs the task of a number, on whatever machine."""


def rows_of_tasks(
    spark: SparkSession, tables: Mapping[str, Table], run: Run, count: int
) -> DataFrame:
    """Return what so many tasks make, in the columns of ``columns.schema``: a partition of each."""
    spark.dataSource.register(_data_source(tables, run, count))
    return spark.read.format(_FORMAT).load()


class _Reader(DataSourceReader):
    """Runs each task."""

    def __init__(self, run: Run, count: int) -> None:
        self._run = run
        self._count = count

    def partitions(self) -> Sequence[InputPartition]:
        """Return a partition for each task."""
        return [InputPartition(number) for number in range(self._count)]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        """Run one task."""
        return self._run(partition.value)


def _data_source(tables: Mapping[str, Table], run: Run, count: int) -> type[DataSource]:
    """Return the source that carries the tasks to the machines."""

    class Tasks(DataSource):
        @classmethod
        def name(cls) -> str:
            return _FORMAT

        def schema(self) -> StructType:
            return from_arrow_schema(schema(tables), prefer_timestamp_ntz=True)

        def reader(self, schema: StructType) -> DataSourceReader:  # noqa: ARG002 -- it is ours
            return _Reader(run, count)

    return Tasks
