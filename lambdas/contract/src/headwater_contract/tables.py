"""The columns of every table, in order.

Timestamps carry no zone and are UTC: Athena's CTAS takes no other (apache/iceberg#15761).
"""

from typing import Final

from headwater_contract.columns import Column, ColumnType, Table
from headwater_contract.fields import CHANNELS, CONSENTS, MESSAGE_TYPES
from headwater_contract.quoting import listed

_STRING, _INT, _BOOLEAN = ColumnType.STRING, ColumnType.INT, ColumnType.BOOLEAN
_TIMESTAMP, _BINARY, _MAP = ColumnType.TIMESTAMP, ColumnType.BINARY, ColumnType.STRING_MAP

_EVENT_TIME = Column(
    "event_time",
    _TIMESTAMP,
    "`timestamp`, corrected",
    "when it happened, UTC, after clock correction",
    original=True,
)
_EVENT_ID = Column(
    "event_id",
    _STRING,
    "`messageId`",
    "the client's message id, or a UUIDv7 if it sent none",
)
_EVENT_TYPE = Column(
    "event_type",
    _STRING,
    "`event`, or by `type`",
    "a track call's event; else page_view, screen_view, identify, group or alias",
    original=True,
)
_MESSAGE_TYPE = Column("message_type", _STRING, "`type`", listed(MESSAGE_TYPES))
_APP_ID = Column("app_id", _STRING, "write key", "the source behind the write key")
_ANONYMOUS_ID = Column("anonymous_id", _STRING, "`anonymousId`", "the device")
_CLIENT_EVENT_TIME = Column(
    "client_event_time",
    _TIMESTAMP,
    "`timestamp`",
    "the client's clock, untouched; null if it sent none",
    original=True,
)
_CLIENT_SENT_TIME = Column(
    "client_sent_time", _TIMESTAMP, "`sentAt`", "the client's clock when it sent the request"
)
_SERVER_EVENT_TIME = Column(
    "server_event_time",
    _TIMESTAMP,
    "collector's clock",
    "when the collector received it",
    original=True,
)
_LOAD_TIME = Column(
    "load_time",
    _TIMESTAMP,
    "writer's clock",
    "when its batch began to be written, up to 15 minutes before it can be read",
)
_TIME_SOURCE = Column(
    "time_source",
    _STRING,
    "clock correction",
    "where event_time comes from: client, skew, server or clamped",
)
_CHANNEL = Column(
    "channel",
    _STRING,
    "`context.channel`, or by the library",
    listed(CHANNELS),
)
_IP_ADDRESS = Column(
    "ip_address",
    _STRING,
    "`context.ip` (not from browsers), or the request's",
    "full, truncated (/24, /48) or null, by policy",
    original=True,
)
_USER_AGENT = Column(
    "user_agent",
    _STRING,
    "`context.userAgent`, or the request's",
    "as sent",
    original=True,
)
_LIBRARY = Column("library", _STRING, "`context.library`", "name/version of the client")
_CONSENT = Column(
    "consent", _STRING, "`context.consent`", f"{listed(CONSENTS)}; null for anything else"
)
_CONTEXT = Column(
    "context",
    _STRING,
    "`context`",
    "JSON, byte for byte except `ip`, to which the policy applies; what has no column is under "
    "`$message`",
)
_POSITION = (
    Column("ingest_shard", _STRING, "stream", "stream and shard that carried it"),
    Column("ingest_sequence", _STRING, "stream", "sequence number of its stream record"),
    Column("ingest_index", _INT, "stream", "its index within the stream record, from 0"),
)

EVENTS: Final = Table(
    "events",
    (
        _EVENT_TIME,
        _EVENT_ID,
        _EVENT_TYPE,
        _MESSAGE_TYPE,
        _APP_ID,
        Column(
            "user_id",
            _STRING,
            "`userId`, else `anonymousId`",
            "the known id, else the device's: never null",
            original=True,
        ),
        _ANONYMOUS_ID,
        Column("is_identified", _BOOLEAN, "`userId`", "user_id is a known id"),
        Column("group_id", _STRING, "`groupId`, `context.groupId`", "the account"),
        Column(
            "session_id",
            _STRING,
            "`context.sessionId`",
            "the visit: ends after 30 minutes idle or 24 hours",
            original=True,
        ),
        Column("session_number", _INT, "`context.sessionNumber`", "this device's n-th visit"),
        Column(
            "page_view_id",
            _STRING,
            "`context.pageViewId`",
            "joins engagement and web vitals to their page view",
        ),
        _CLIENT_EVENT_TIME,
        _CLIENT_SENT_TIME,
        _SERVER_EVENT_TIME,
        _LOAD_TIME,
        _TIME_SOURCE,
        _CHANNEL,
        _IP_ADDRESS,
        _USER_AGENT,
        Column("browser", _STRING, "the visitor's user agent", "family, parsed"),
        Column("os", _STRING, "the visitor's user agent, or `context.os`", "family, parsed"),
        Column(
            "device_type",
            _STRING,
            "the visitor's user agent, or `context.device` and `.os`",
            "desktop, mobile, tablet, tv, console or other",
        ),
        Column(
            "is_bot", _BOOLEAN, "the visitor's user agent", "a known crawler; flagged, not dropped"
        ),
        Column("host", _STRING, "`context.page.url`", "of the page", original=True),
        Column("path", _STRING, "`context.page.path` or `.url`", "of the page", original=True),
        Column("url_query", _STRING, "`context.page.search` or `.url`", "without question mark"),
        Column("page_title", _STRING, "`context.page.title`", "of the page"),
        Column("referrer", _STRING, "`context.page.referrer`", "page before", original=True),
        Column("referrer_host", _STRING, "`context.page.referrer`", "its host"),
        Column("utm_source", _STRING, "`context.campaign.source` or the query", "campaign"),
        Column("utm_medium", _STRING, "`context.campaign.medium` or the query", "campaign"),
        Column("utm_campaign", _STRING, "`context.campaign.name` or the query", "campaign"),
        Column("utm_term", _STRING, "`context.campaign.term` or the query", "campaign"),
        Column("utm_content", _STRING, "`context.campaign.content` or the query", "campaign"),
        Column(
            "click_ids",
            _MAP,
            "`context.campaign` or the query",
            "gclid, fbclid, msclkid and their like",
        ),
        Column("country", _STRING, "CloudFront's headers, if trusted", "of the visitor"),
        Column("city", _STRING, "CloudFront's headers, if trusted", "of the visitor"),
        Column("locale", _STRING, "`context.locale`", "language tag, as `de-CH`"),
        Column("timezone", _STRING, "`context.timezone`", "IANA name"),
        Column("screen", _STRING, "`context.screen`", "width x height in CSS pixels"),
        _LIBRARY,
        _CONSENT,
        Column(
            "headers",
            _MAP,
            "request",
            "those that the deployer chose for this type of event",
        ),
        Column(
            "properties",
            _STRING,
            "`properties`, or `traits`",
            "JSON, byte for byte as the client sent it",
        ),
        _CONTEXT,
        *_POSITION,
    ),
    partition_time="event_time",
    sorted_by=("event_type", "event_time"),
    pruned_by=(
        "event_time",
        "event_id",
        "event_type",
        "app_id",
        "user_id",
        "session_id",
        "load_time",
        "ingest_sequence",
    ),
    varied=("event_id", "properties", "context"),
    identity=(
        "app_id",
        "event_id",
        "message_type",
        "event_type",
        "user_id",
        "anonymous_id",
        "group_id",
        "properties",
    ),
)

IDENTIFIES: Final = Table(
    "identifies",
    (
        _EVENT_TIME,
        _EVENT_ID,
        _MESSAGE_TYPE,
        _APP_ID,
        Column(
            "prev_user_id",
            _STRING,
            "`previousId`, or `anonymousId`",
            "the id until now",
            original=True,
        ),
        Column(
            "new_user_id",
            _STRING,
            "`userId`, else `anonymousId`",
            "the id from now on",
            original=True,
        ),
        _ANONYMOUS_ID,
        Column("traits", _STRING, "`traits`", "JSON, byte for byte as the client sent it"),
        _CLIENT_EVENT_TIME,
        _CLIENT_SENT_TIME,
        _SERVER_EVENT_TIME,
        _LOAD_TIME,
        _TIME_SOURCE,
        _CHANNEL,
        _IP_ADDRESS,
        _USER_AGENT,
        _LIBRARY,
        _CONSENT,
        _CONTEXT,
        *_POSITION,
    ),
    partition_time="event_time",
    sorted_by=("event_time",),
    pruned_by=(
        "event_time",
        "event_id",
        "app_id",
        "prev_user_id",
        "new_user_id",
        "load_time",
        "ingest_sequence",
    ),
    varied=("event_id", "traits", "context"),
    identity=(
        "app_id",
        "event_id",
        "message_type",
        "prev_user_id",
        "new_user_id",
        "traits",
    ),
)

STAGES: Final = {
    "collector": "refused by the contract",
    "decode": "the stream record could not be read",
    "shape": "the message could not become a row",
    "plan": "it does not match the tracking plan",
    "retry": "an earlier attempt let it fail; a replay makes it a row",
}
"""Where a record can fail, in the order of its route, and what it means to fail there."""

_STAGES: Final = listed([f"{stage} ({meaning})" for stage, meaning in STAGES.items()])

FAILED_RECORDS: Final = Table(
    "failed_records",
    (
        Column("failed_at", _TIMESTAMP, "writer's clock", "when it failed"),
        Column("stage", _STRING, "", _STAGES),
        Column("reason", _STRING, "", "a sentence"),
        Column(
            "raw",
            _BINARY,
            "",
            "its bytes, but for a message's `ip`, to which the policy applies",
        ),
        Column("app_id", _STRING, "write key", "the source; null if it is not known"),
        _SERVER_EVENT_TIME,
        Column(
            "envelope",
            _STRING,
            "stream",
            "what the stream record says of the message, as JSON, for a replay; null if the record "
            "could not be read",
        ),
        *_POSITION,
    ),
    partition_time="failed_at",
    sorted_by=("failed_at",),
    pruned_by=("failed_at", "stage", "app_id", "ingest_sequence"),
    varied=("raw", "envelope"),
)

TABLES: Final = (EVENTS, IDENTIFIES, FAILED_RECORDS)
