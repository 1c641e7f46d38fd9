"""The reports of a running stack: for the site's own pages, and for programs of this machine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from headwater_local.reports.answers import Answers
from headwater_local.web_pages import is_of_foreign_page
from headwater_reports.routes import Reply, Reports, is_answer, refused

PAGES: Final = Path(__file__).parents[4] / "reports" / "dist"
"""What is built of the reports' source, and committed beside it."""


@dataclass(frozen=True)
class LocalReports:
    """Everything below ``/reports``; answers hold people's data, and questions cost time."""

    answers: Answers

    def reply(
        self,
        target: str,
        headers: Iterable[tuple[str, str]],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Reply:
        """Answer a GET of a path with its query; nothing is asked that ``is_wanted`` denies."""
        if is_answer(target) and is_of_foreign_page(headers):
            return refused(HTTPStatus.FORBIDDEN, "This port answers its own pages alone.")
        return Reports(PAGES).reply(target, partial(self.answers.answer, is_wanted=is_wanted))
