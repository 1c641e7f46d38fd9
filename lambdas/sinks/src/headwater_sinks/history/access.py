"""Who may read the history: a request with one of the read keys.

The environment holds digests of the keys and not the keys, so that nobody who may look at the
function, or at Terraform's state, learns one. A digest hides a key only if it cannot be guessed: it
must be random, as ``openssl rand -hex 32`` makes one.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from headwater_sinks.settings import SettingsError

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME: Final = "HISTORY_READ_KEYS"


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """The SHA-256 digests of the read keys, in hexadecimal; without any, IAM decides."""

    digests: Sequence[str]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read ``HISTORY_READ_KEYS``, a JSON list.

        Raises:
            SettingsError: it is missing, or it is not a list of digests.
        """
        try:
            digests = json.loads(environment.get(_NAME, ""))
        except ValueError as error:
            raise SettingsError(f"{_NAME} is not JSON: give a list of digests") from error
        if not isinstance(digests, list) or not all(_DIGEST.fullmatch(str(d)) for d in digests):
            raise SettingsError(f"{_NAME} is not a list of SHA-256 digests in hexadecimal")
        return cls(digests)

    def admit(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request may read: its ``Authorization`` is ``Bearer`` and a read key.

        Without read keys, only what IAM let through comes here. Header names are in lower case.
        """
        if not self.digests:
            return True
        scheme, _, key = headers.get("authorization", "").partition(" ")
        digest = hashlib.sha256(key.strip().encode()).hexdigest()
        known = [hmac.compare_digest(digest, each) for each in self.digests]
        return scheme.lower() == "bearer" and any(known)
