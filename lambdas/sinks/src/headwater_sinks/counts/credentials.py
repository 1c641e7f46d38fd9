"""The login at the database: a user name and a password, from Secrets Manager alone."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class Login(msgspec.Struct, frozen=True):
    """What RDS keeps in a secret that it manages; other secrets have these two members too."""

    username: str
    password: str

    def __repr__(self) -> str:
        # Neither a log nor a traceback may show the password.
        return f"Login({self.username!r})"


class SecretError(Exception):
    """The secret does not hold a user name and a password."""


@dataclass(slots=True)
class Credentials:
    """The login in a secret, read when it is first needed."""

    client: "SecretsManagerClient"
    secret: str
    _login: Login | None = field(default=None, repr=False)

    def login(self) -> Login:
        """Return the login, as it was when it was last read.

        Raises:
            SecretError: the secret does not hold one.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: it cannot be read.
        """
        return self._login or self.read()

    def read(self) -> Login:
        """Read the login again and return it: rotation replaces the password.

        Raises:
            SecretError: the secret does not hold one.
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: it cannot be read.
        """
        text = self.client.get_secret_value(SecretId=self.secret)["SecretString"]
        try:
            self._login = msgspec.json.decode(text, type=Login)
        except msgspec.MsgspecError as error:
            raise SecretError(
                f"the secret {self.secret} does not hold a username and a password: set both"
            ) from error
        return self._login
