"""What Lambda calls with a request for the reports."""

import json
import os
from pathlib import Path
from typing import Any

from headwater_reports import questions
from headwater_reports.answering import Answering
from headwater_reports.athena import Athena
from headwater_reports.http_api import respond
from headwater_reports.rights import Rights
from headwater_reports.routes import Login, Reports

_pages = Path(os.environ["PAGES"])
_reports = Reports(_pages, Login(**json.loads(os.environ["LOGIN"])))
_athena = Athena.of(
    os.environ["WORKGROUP"], os.environ["DATABASE"], int(os.environ["REUSE_MINUTES"])
)
_answering = Answering(_athena, questions.read(_pages))
_given = json.loads(os.environ["RIGHTS"])
_rights = Rights(**_given) if _given else None


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one request."""
    return respond(event, _reports, _answering.ask, _rights)
