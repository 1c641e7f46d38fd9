"""What AWS refuses, as a finding."""

from collections.abc import Iterable, Iterator

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from headwater_local.doctor.finding import Finding, fault

_LOGGED_OUT = (
    *(CredentialRetrievalError, NoCredentialsError, PartialCredentialsError),
    *(ProfileNotFound, SSOError, TokenRetrievalError),
)
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
_EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
}
_SIGNATURES = {"SignatureDoesNotMatch", "InvalidSignatureException"}


def guarded(part: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings up to what AWS refuses, and then one that says so."""
    try:
        yield from findings
    except (BotoCoreError, ClientError) as error:
        yield refusal(part, error)


def refusal(part: str, error: BotoCoreError | ClientError) -> Finding:
    """Return why a call to AWS failed, and what to do."""
    if isinstance(error, _LOGGED_OUT):
        return fault(part, f"there are no AWS credentials ({error})", "log in, or set AWS_PROFILE")
    if isinstance(error, NoRegionError):
        return fault(part, "there is no AWS region", "set AWS_REGION to that of the stack")
    if isinstance(error, ClientError):
        return _refused(part, error)
    return fault(part, f"AWS cannot be reached ({error})", "check the network and AWS_REGION")


def _refused(part: str, error: ClientError) -> Finding:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _DENIED:
        action = error.operation_name
        return fault(
            part,
            f"you may not call {action} ({error})",
            f"allow {action} to your identity: `aws sts get-caller-identity` names it",
        )
    if code in _EXPIRED:
        return fault(part, f"the AWS credentials are not valid ({code})", "log in again")
    if code == "RequestTimeTooSkewed":
        return fault(
            part, f"AWS refuses the time of the request ({code})", "set this machine's clock"
        )
    if code in _SIGNATURES:
        return fault(
            part,
            f"AWS refuses the signature ({error})",
            "if it says that the signature has expired, set this machine's clock; otherwise the "
            "secret key is wrong: log in again",
        )
    return fault(part, f"AWS refuses {error.operation_name} ({error})", "check account and region")
