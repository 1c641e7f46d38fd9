"""All that a stack does on its own, each part in a process with the settings it is given."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pytest
from pyiceberg.table import Table

from eventually import eventually
from headwater_canary.athena import Athena
from headwater_contract.envelope import Entry
from headwater_local.lambda_service.event_source.event import KinesisEvent
from headwater_local.lambda_service.event_source.function import FunctionError
from headwater_local.reports.routes import PAGES
from headwater_writer.maintenance.schedule import NAMES
from iam import cluster, poller, sinks, staged
from iam.surroundings import INVOCATION_SECONDS, Surroundings, invoke
from integration.writer.offers_queue import Messages, OffersQueue, invocation
from integration.writer.writer_process import WriterProcess
from unit.collector.client import recorded_event
from unit.reports.requests import request
from unit.writer.builders import record

_RECORDS: Final = (b"poison", record(1, Entry(b"{", "track", "m")).data, record(2).data)
"""A record that cannot be read, one whose message cannot become a row, and a good one."""

_MESSAGE: Final = b'{"type": "track", "event": "paid", "userId": "ada"}'
"""A line of a file that is backfilled."""


@dataclass(frozen=True)
class Scenario:
    """The steps, on a stack's own names."""

    at: Surroundings

    def play(self) -> None:
        """Let every part make every kind of request that it makes."""
        self._drop_tables()
        self._collect()
        self.at.put(_RECORDS)
        with self.at.function("replay") as replay:
            self._replay(replay)
        if "canary" in self.at.stack.functions:
            self._look()
        sinks.play(self.at)
        if self.at.stack.has_poller:
            poller.play(self.at)
        self._ask()
        self._drop_tables()
        if self.at.stack.has_cluster:
            self._write_as_cluster()
            self._drop_tables()
        with self.at.function("writer") as writer:
            self._write(writer)
            self._keep_views(writer)
            if "committer" in self.at.stack.functions:
                queue = staged.create_queue(self.at)
                self._commit(queue, self._offer(writer, queue))
        with self.at.function("maintenance") as maintenance:
            self._maintain(maintenance)

    def _collect(self) -> None:
        event = recorded_event("http_api.json") | {
            "rawPath": f"{self.at.stack.settings('collector')['PATH_PREFIX']}/v1/track",
            "headers": {},
            "body": '{"event": "paid", "userId": "ada", "writeKey": "key"}',
        }
        with self.at.function("collector") as collector:
            answer = invoke(collector, event)
        assert answer["statusCode"] == 200, answer

    def _ask(self) -> None:
        if "reports" not in self.at.stack.functions:
            return
        event = request("/reports/answers/loyalty.json", "start=2026-03-01&end=2026-03-31")
        with self.at.function("reports", PAGES=str(PAGES)) as reports:
            answer = invoke(reports, event)
        assert answer["statusCode"] == 200, answer

    def _look(self) -> None:
        """Ask as the canary does; its handler would wait for rows of events that are not sent."""
        settings = self.at.stack.settings("canary")
        client = self.at.client("athena", self.at.stack.key("canary"))
        athena = Athena(client, settings["ATHENA_WORKGROUP"], settings["GLUE_DATABASE"])
        athena.rows(["canary-1"], INVOCATION_SECONDS)
        # The stand-in answers too soon to be stopped.
        client.stop_query_execution(QueryExecutionId="one-that-hangs")

    def _replay(self, replay: WriterProcess) -> None:
        # The first to write makes the tables.
        key = self.at.give_up("writer")
        told = {"s3": {"bucket": {"name": self.at.stack.bucket}, "object": {"key": key}}}
        invoke(replay, {"Records": [told]})
        self._keep_one_version()
        self.at.put([record(3).data])
        self.at.give_up("writer")
        assert invoke(replay, {"given_up": {}})["replayed"] == 1
        invoke(replay, {"replay": {}})
        for source in self.at.stack.sources:
            self._export(source)
            asked = {"source": source, "app": "shop"}
            assert invoke(replay, {"backfill": asked})["failing"] == {}

    def _export(self, source: str) -> None:
        """Put a file into a folder that may be backfilled."""
        bucket, _, prefix = source.removeprefix("s3://").partition("/")
        self.at.client("s3").put_object(Bucket=bucket, Key=f"{prefix}a.jsonl", Body=_MESSAGE)

    def _write(self, writer: WriterProcess) -> None:
        def written(event: KinesisEvent) -> object:
            return writer.invoke(dict(event)).result()

        self.at.deliver("writer", written)
        self._keep_one_version()
        self.at.put([record(4).data])
        self.at.deliver("writer", written)
        with self._without_manifest_lists():
            self.at.put([record(5).data])
            self.at.deliver("writer", written)

    def _offer(self, writer: WriterProcess, queue: OffersQueue) -> Messages:
        """Let a writer offer a commit and die, and return what its committer is invoked with.

        Until the queue was made, the writer was refused each offer, and committed by itself.
        """
        self.at.put([record(6).data])
        with ThreadPoolExecutor(1) as mapping:
            writing = mapping.submit(
                self.at.deliver, "writer", lambda event: writer.invoke(dict(event)).result()
            )
            offers = eventually(lambda: queue.received(1), INVOCATION_SECONDS)
            writer.kill()
            writing.result()
        return offers

    def _commit(self, queue: OffersQueue, offers: Messages) -> None:
        before, event = self._newest(), invocation(offers)
        with self.at.function("committer") as committer:
            committer.invoke({"Records": []}).result()  # Its start sets right what tables keep.
            self._keep_one_version()
            with self._without_manifest_lists(), pytest.raises(FunctionError):
                committer.invoke(event).result()
            assert self._newest() == before
            committer.invoke(event).result()
        assert self._newest() != before
        queue.delete(offers)

    def _newest(self) -> int | None:
        return self._events().metadata.current_snapshot_id

    def _write_as_cluster(self) -> None:
        for source in self.at.stack.sources:
            self._export(source)
        cluster.play(self.at, self.at.stack.sources)

    def _keep_views(self, writer: WriterProcess) -> None:
        event = self.at.stack.deployment_event
        glue, database = self.at.client("glue"), self.at.stack.database
        for table in glue.get_tables(DatabaseName=database)["TableList"]:
            if table["Name"] in event["views"]:
                glue.delete_table(DatabaseName=database, Name=table["Name"])
        invoke(writer, {**event})
        others = {name: f"-- Of another version.\n{sql}" for name, sql in event["views"].items()}
        invoke(writer, {**event, "views": others})

    def _maintain(self, maintenance: WriterProcess) -> None:
        invoke(maintenance, {"steps": list(NAMES)})
        [oldest, *_] = invoke(maintenance, {"snapshots": {"table": "events"}})["snapshots"]
        invoke(maintenance, {"rewind": {"table": "events", "to": oldest["snapshot"]}})
        catalog, database = self.at.catalog(), self.at.stack.database
        for _, name in catalog.list_tables(database):
            catalog.drop_table((database, name))
            invoke(maintenance, {"register": {"table": name}})

    def _drop_tables(self) -> None:
        catalog = self.at.catalog()
        for name in catalog.list_tables(self.at.stack.database):
            catalog.purge_table(name)

    def _keep_one_version(self) -> None:
        """Let each commit to events delete what 500 of them would."""
        with self._events().transaction() as transaction:
            transaction.set_properties({"write.metadata.previous-versions-max": "1"})

    def _events(self) -> Table:
        return self.at.catalog().load_table((self.at.stack.database, "events"))

    @contextmanager
    def _without_manifest_lists(self) -> Iterator[None]:
        """Take files away, as an operator may by mistake, and bring them back."""
        s3, bucket = self.at.client("s3"), self.at.stack.bucket
        kept = {
            key: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            for key in self.at.keys(bucket, "lake/events/metadata/snap-")
        }
        for key in kept:
            s3.delete_object(Bucket=bucket, Key=key)
        yield
        for key, body in kept.items():
            s3.put_object(Bucket=bucket, Key=key, Body=body)
