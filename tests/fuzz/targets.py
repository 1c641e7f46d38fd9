"""What is fuzzed."""

from typing import Final

from fuzz.collector_requests import REQUESTS
from fuzz.messages import MESSAGES
from fuzz.scaling import GROWTHS
from fuzz.stream_records import RECORDS

TARGETS: Final = (REQUESTS, RECORDS, MESSAGES, GROWTHS)
