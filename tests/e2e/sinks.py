"""A whole Headwater with sinks, and what each of them has."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg

from e2e.route import Route
from headwater_local import aws_client
from headwater_local.names import ARCHIVE_PREFIX, BUCKET, READ_KEY
from headwater_local.sinks.postgres_server import DATABASE, USER, socket_folder


class Sinks(Route):
    """A `headwater up` with sinks, and what each of them has."""

    def hits(self, page: str, **query: object) -> list[dict[str, Any]]:
        """Return what the history has of a page."""
        answer = self.history({"path": page, "limit": 1000, **query})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def history(self, query: dict[str, Any], key: str = READ_KEY) -> httpx.Response:
        """Ask the route that reads the history."""
        headers = {"authorization": f"Bearer {key}"}
        url = f"{self.api_url}/v1/history"
        return httpx.get(url, params=query, headers=headers, timeout=30, trust_env=False)

    def totals(self, table: str = "totals") -> dict[str, int]:
        """Return the counts by event type that a table of theirs has.

        None while the server starts, or before the first count has made the tables.
        """
        host = str(socket_folder(self.data_dir / "postgres"))
        sql = f"SELECT event_type, sum(events)::int FROM headwater.{table} GROUP BY 1"
        try:
            with psycopg.connect(host=host, dbname=DATABASE, user=USER) as connection:
                return dict(connection.execute(sql.encode()).fetchall())
        except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
            return {}

    def every_hit(self, page: str) -> list[dict[str, Any]]:
        """Return all that the history has of a page, answer by answer."""
        hits: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = self.history({"path": page, "limit": 1000, **cursor}).json()
            hits += answer["items"]
            if answer["cursor"] is None:
                return hits
            cursor = {"cursor": answer["cursor"]}

    def archived(self) -> list[dict[str, Any]]:
        """Return the lines of the archive; one may be there twice."""
        s3 = aws_client.s3(self.aws_url)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=ARCHIVE_PREFIX)
        bodies = (
            s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read()
            for page in pages
            for found in page.get("Contents", [])
        )
        return [json.loads(line) for body in bodies for line in gzip.decompress(body).splitlines()]

    def view(self, page: str, number: int, minutes_ago: int = 0) -> None:
        """Send a page call and a track call."""
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        message = {
            "messageId": f"{page[:9]}-{number}",
            "userId": "u",
            "timestamp": at.isoformat(),
            "properties": {"path": page, "number": number},
        }
        sent = httpx.post(f"{self.api_url}/v1/page", json=message, timeout=30, trust_env=False)
        assert sent.status_code == 200
        assert self.track("Looked", messageId=f"t-{page[:9]}-{number}").status_code == 200
