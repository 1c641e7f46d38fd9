"""What can go wrong with an answer, each explained in one sentence.

HeadwaterError             (the laptop has more of them)
├── QuestionError           a question of the pack does not exist, or not with these arguments
├── ForbiddenError          whoever asks has no right to the app
├── QueryError              an SQL engine refused a statement
├── SlowAnswerError         an answer took longer than a page may wait
└── UnavailableError        there is nothing to ask
"""

from http import HTTPStatus
from typing import ClassVar


class HeadwaterError(Exception):
    """A failure that its message explains: what happened and what to do.

    ``status`` is that of the response which tells a page of it.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR


class QuestionError(HeadwaterError):
    """The pack has no such question, or it cannot be asked with these arguments."""

    status = HTTPStatus.BAD_REQUEST


class ForbiddenError(HeadwaterError):
    """Whoever asks may not see answers about that app."""

    status = HTTPStatus.FORBIDDEN


class QueryError(HeadwaterError):
    """A statement was refused by the SQL engine."""


class SlowAnswerError(HeadwaterError):
    """An answer took longer than a page may wait."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class UnavailableError(HeadwaterError):
    """There is nothing to ask."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
