from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from headwater_poller.authorization import Credentials, Secrets, credentials
from headwater_poller.config import (
    Auth,
    BasicAuth,
    BearerAuth,
    HeaderAuth,
    QueryAuth,
    Reference,
)
from headwater_poller.errors import SecretError

KEY = Reference(env="KEY")


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (None, Credentials()),
        (HeaderAuth("X-Api-Key", KEY), Credentials({"X-Api-Key": "s3cret"})),
        (QueryAuth("key", KEY), Credentials(params=(("key", "s3cret"),))),
        (BearerAuth(KEY), Credentials({"authorization": "Bearer s3cret"})),
        (BasicAuth(KEY, KEY), Credentials({"authorization": "Basic czNjcmV0OnMzY3JldA=="})),
    ],
)
def test_makes_credentials_of_secrets(auth: Auth, expected: Credentials) -> None:
    assert credentials(auth, Secrets({"KEY": "s3cret"}, None).read) == expected


@pytest.mark.parametrize("value", ["", "two\nlines", "null\0"])
def test_refuses_a_secret_that_is_not_a_line_of_text(value: str) -> None:
    with pytest.raises(SecretError, match="the variable KEY is missing, empty or not one line"):
        Secrets({"KEY": value}, None).read(KEY)


@pytest.mark.parametrize("auth", [HeaderAuth("X-Api-Key", KEY), BearerAuth(KEY)])
def test_refuses_a_secret_that_no_header_can_carry(auth: Auth) -> None:
    with pytest.raises(SecretError, match="the variable KEY has a character outside Latin-1") as it:
        credentials(auth, Secrets({"KEY": "s3cret\u20ac"}, None).read)

    assert "s3cret" not in str(it.value)


@pytest.mark.parametrize("auth", [QueryAuth("key", KEY), BasicAuth(KEY, KEY)])
def test_takes_a_secret_of_any_script_where_it_is_encoded(auth: Auth) -> None:
    assert credentials(auth, Secrets({"KEY": "s3cret\u20ac"}, None).read) != Credentials()


def managed(text: str | None, reference: Reference) -> str:
    client: Any = boto3.client(
        "secretsmanager",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    with Stubber(client) as stub:
        if text is None:
            stub.add_client_error("get_secret_value", "ResourceNotFoundException")
        else:
            stub.add_response("get_secret_value", {"SecretString": text}, {"SecretId": "api"})
        return Secrets({}, lambda: client).read(reference)


def test_reads_a_secret_of_secrets_manager() -> None:
    assert managed("s3cret", Reference(secret="api")) == "s3cret"


def test_reads_a_member_of_a_secret() -> None:
    assert managed('{"token": "s3cret"}', Reference(secret="api", key="token")) == "s3cret"


@pytest.mark.parametrize("text", ["s3cret", '{"other": "s3cret"}', "[]"])
def test_explains_a_secret_without_the_member_and_does_not_quote_it(text: str) -> None:
    with pytest.raises(SecretError, match="is not a JSON object with the key token") as caught:
        managed(text, Reference(secret="api", key="token"))

    assert "s3cret" not in str(caught.value)


def test_explains_a_secret_that_does_not_exist() -> None:
    with pytest.raises(SecretError, match="the secret api cannot be read from Secrets Manager"):
        managed(None, Reference(secret="api"))


def test_explains_that_secrets_manager_is_not_asked() -> None:
    with pytest.raises(SecretError, match="the secret api is in Secrets Manager, which is not"):
        Secrets({}, None).read(Reference(secret="api"))
