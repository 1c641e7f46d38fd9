"""The credentials of a request: headers and query parameters, made of secrets kept elsewhere."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from headwater_poller.config import (
    Auth,
    BasicAuth,
    BearerAuth,
    HeaderAuth,
    QueryAuth,
    Reference,
)
from headwater_poller.errors import SecretError
from headwater_poller.headers import is_header_value

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True, slots=True)
class Credentials:
    """What goes with every request."""

    headers: Mapping[str, str] = field(default_factory=dict)
    params: tuple[tuple[str, str], ...] = ()


def credentials(auth: Auth, secret: Callable[[Reference], str]) -> Credentials:
    """Return the credentials that a config declares.

    Raises:
        SecretError: a secret cannot be read, or sent.
    """
    match auth:
        case HeaderAuth(name, value):
            return Credentials({name: _sendable(value, secret(value))})
        case QueryAuth(name, value):
            return Credentials(params=((name, secret(value)),))
        case BearerAuth(token):
            return Credentials({"authorization": f"Bearer {_sendable(token, secret(token))}"})
        case BasicAuth(user, password):
            pair = f"{secret(user)}:{secret(password)}".encode()
            return Credentials({"authorization": f"Basic {base64.b64encode(pair).decode()}"})
    return Credentials()


def _sendable(reference: Reference, text: str) -> str:
    if not is_header_value(text):
        raise SecretError(
            f"{reference} has a character outside Latin-1, which no header can carry: correct it"
        )
    return text


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets as they are now: the next poll reads one that was rotated."""

    environment: Mapping[str, str]
    manager: "Callable[[], SecretsManagerClient] | None"

    def read(self, reference: Reference) -> str:
        """Return a secret, in one line of printable text.

        Raises:
            SecretError: it cannot be read, or is not such a text; the sentence never quotes it.
        """
        env = reference.env
        text = self.environment.get(env) if env else self._managed(reference)
        if not text or not text.isprintable():
            raise SecretError(f"{reference} is missing, empty or not one line of text: set it")
        return text

    def _managed(self, reference: Reference) -> str | None:
        if self.manager is None:
            raise SecretError(
                f"{reference} is in Secrets Manager, which is not read "
                "here: refer to a variable, with {env: NAME}"
            )
        try:
            found = self.manager().get_secret_value(SecretId=reference.secret or "")
        except (BotoCoreError, ClientError) as error:
            raise SecretError(
                f"{reference} cannot be read from Secrets Manager: {error}"
            ) from error
        text = found.get("SecretString")
        return _member(reference, text) if reference.key and text else text


def _member(reference: Reference, text: str) -> str | None:
    try:
        value = json.loads(text)[reference.key]
    except (ValueError, KeyError, TypeError, RecursionError):
        # Without its cause, which quotes the secret.
        raise SecretError(
            f"{reference} is not a JSON object with the key {reference.key}"
        ) from None
    return value if isinstance(value, str) else None
