"""Which shard of the stream a request's events go to."""

import hashlib
from collections.abc import Sequence

import uuid_utils

from headwater_collector.validation import Validation


def partition_key(app_id: str, validations: Sequence[Validation]) -> str:
    """Return a partition key of 64 characters.

    Events of one device share a shard, so that they stay in order and a repeated one meets the
    first. A request about several devices goes, each time that it is sent, where its first event
    says.
    """
    return hashlib.sha256(f"{app_id}\n{_subject(validations)}".encode()).hexdigest()


def _subject(validations: Sequence[Validation]) -> str:
    accepted = [validation for validation in validations if validation.refusal is None]
    if not accepted:
        return str(uuid_utils.uuid7())
    subjects = {validation.subject for validation in accepted}
    return str(accepted[0].subject if len(subjects) == 1 else accepted[0].entry.event_id)
