"""The AWS stand-in, noting every signed request: a line of JSON each, in the file `RECORDING`.

`command` and `environment` make a command that runs the stand-in so. The access key of a request
says whose it is: each process under test signs with its role's name.

This module is imported by the stand-in's interpreter too, which has the standard library and
ministack alone.
"""

import importlib
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import parse_qs
from xml.etree import ElementTree

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_NAMING: Final = (
    *("DatabaseName", "Name", "QueueUrl", "SecretId", "StreamName", "TableName", "TableNames"),
    *("TopicArn", "WorkGroup"),
)
"""The parameters that say what a request is about."""

_SCOPE: Final = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
"""Key, region and service of a signature ("Authorization header", AWS Signature Version 4)."""


def command(python: Path, module: str) -> tuple[str, ...]:
    """Return the command that serves as the `main` of a module does, with its interpreter."""
    return (str(python), "-m", "iam.recording", module)


def environment(settings: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return the stand-in's settings with those of the recording in a file."""
    path = os.pathsep.join((str(Path(__file__).parents[1]), settings["PYTHONPATH"]))
    return {**settings, "PYTHONPATH": path, "RECORDING": str(file)}


class Recorder:
    """Passes requests on to an application and notes them, a line each, as they are answered."""

    def __init__(self, application: Application, recording: TextIO) -> None:
        self._application = application
        self._recording = recording

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request as the application does (ASGI 3)."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        body = bytearray()

        async def heard() -> Message:
            message = await receive()
            if scope["method"] == "POST":
                body.extend(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, bytes(body), message["status"])
            await send(message)

        await self._application(scope, heard, said)

    def _note(self, scope: Message, body: bytes, status: int) -> None:
        if (described := description(scope, body)) is not None:
            self._recording.write(f"{json.dumps({**described, 'status': status})}\n")


def description(scope: Mapping[str, Any], body: bytes) -> dict[str, Any] | None:
    """Return what a request asks for, or None if it is not signed.

    `operation` is None for S3, whose requests name none; `names` has the parameters that name what
    the request is about.
    """
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    signed = _SCOPE.search(headers.get("authorization", ""))
    if signed is None:
        return None
    key, region, service = signed.groups()
    query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
    operation, names = _asked(headers, query, body)
    return {
        "key": key,
        "region": region,
        "service": service,
        "operation": operation,
        "method": scope["method"],
        "path": scope["path"],
        "query": {name: values[0] for name, values in query.items()},
        "headers": {name: text for name, text in headers.items() if name.startswith("x-amz-")},
        "names": names,
    }


def _asked(
    headers: Mapping[str, str], query: Mapping[str, list[str]], body: bytes
) -> tuple[str | None, dict[str, Any]]:
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2], _names(json.loads(body))
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return form["Action"], _names(form)
    if "delete" in query:
        return None, {"Keys": _keys(body)}
    return None, {}


def _names(parameters: Mapping[str, Any]) -> dict[str, Any]:
    # Glue has a table's name in its description, and DynamoDB those of a batch as keys.
    told = {"TableName": parameters.get("TableInput", {}).get("Name")}
    named = {**told, **parameters, "TableNames": list(parameters.get("RequestItems", {}))}
    return {name: named[name] for name in _NAMING if named.get(name)}


def _keys(body: bytes) -> list[str]:
    found = ElementTree.fromstring(body).iter()  # noqa: S314 -- our own functions' requests
    return [each.text or "" for each in found if each.tag.rpartition("}")[2] == "Key"]


def main() -> None:
    """Serve as the module does, until it ends."""
    server = importlib.import_module(sys.argv.pop(1))
    # Only now: a server of ours sets the clock before it imports the stand-in.
    stand_in: Any = importlib.import_module("ministack.app")
    # Line by line: the process may be killed.
    with Path(os.environ["RECORDING"]).open("a", buffering=1) as recording:
        stand_in.app = Recorder(stand_in.app, recording)
        server.main()


if __name__ == "__main__":
    main()
