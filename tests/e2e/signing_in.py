"""What stands before the reports on AWS: an OpenID Connect provider, and an API with an authorizer.

Both are as their specifications have them, as far as the reports' page goes: the provider lets
everybody in, and checks the page's part of the code flow with PKCE (RFC 7636).
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from headwater_local.reports.routes import PAGES
from headwater_reports.answer import Ask
from headwater_reports.http_api import respond
from headwater_reports.rights import Rights
from headwater_reports.routes import Login, Reports, is_answer

CLIENT: Final = "reports"


@dataclass
class Provider:
    """Its tokens are good for ``seconds``; ``refusal`` is what it tells instead of a code."""

    seconds: float = 3600
    refusal: str = ""
    groups: tuple[str, ...] = ()
    url: str = ""
    logins: int = 0
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    _asked: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def login(self) -> Login:
        """What a page is told of it."""
        return Login(f"{self.url}/authorize", f"{self.url}/token", CLIENT, "openid email")

    def authorize(self, asked: Mapping[str, str]) -> str:
        """Return where somebody is sent back to, who has signed in."""
        self.logins += 1
        back = {"state": asked["state"]}
        if self.refusal:
            back |= {"error": "access_denied", "error_description": self.refusal}
        else:
            self._asked[f"code-{self.logins}"] = asked
            back |= {"code": f"code-{self.logins}"}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, form: Mapping[str, str]) -> tuple[HTTPStatus, Mapping[str, Any]]:
        """Give the token of a code, once, to the page that asked for the code."""
        asked = self._asked.pop(form["code"], None)
        proof = _base64url(hashlib.sha256(form["code_verifier"].encode()).digest())
        same = ("client_id", "redirect_uri")
        if not asked or proof != asked["code_challenge"] or any(form[k] != asked[k] for k in same):
            return HTTPStatus.BAD_REQUEST, {"error": "invalid_grant"}
        now = time.time()
        claims = {
            "iss": self.url,
            "sub": "ada",
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": int(now),
            "exp": int(now + self.seconds),
            "groups": self.groups,
        }
        return HTTPStatus.OK, {"id_token": self._signed(claims), "token_type": "Bearer"}

    def claims(self, authorization: str) -> Mapping[str, Any] | None:
        """Return the claims of a token that an API's JWT authorizer takes, else None."""
        head, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
        try:
            public = self._key.public_key()
            public.verify(_bytes(signature), head.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return None
        claims: Mapping[str, Any] = json.loads(_bytes(head.partition(".")[2]))
        return claims if claims["aud"] == CLIENT and claims["exp"] > time.time() else None

    def _signed(self, claims: Mapping[str, Any]) -> str:
        parts = ({"alg": "RS256", "typ": "JWT"}, claims)
        head = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
        signature = self._key.sign(head.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{head}.{_base64url(signature)}"


@contextmanager
def signed_in_reports(provider: Provider, ask: Ask, rights: Rights | None = None) -> Iterator[str]:
    """Serve a provider and, at the URL that this gives, the reports behind an API."""

    class Providing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = dict(parse_qsl(urlsplit(self.path).query))
            _send(self, HTTPStatus.FOUND, {"location": provider.authorize(asked)}, b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            status, answer = provider.token({k: v[0] for k, v in parse_qs(body).items()})
            headers = {"content-type": "application/json", "access-control-allow-origin": "*"}
            _send(self, status, headers, json.dumps(answer).encode())

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            claims = provider.claims(self.headers["authorization"] or "")
            if is_answer(path) and not claims:
                body = b'{"message":"Unauthorized"}'  # API Gateway's own.
                _send(self, HTTPStatus.UNAUTHORIZED, {"content-type": "application/json"}, body)
                return
            event = {
                "rawPath": path,
                "rawQueryString": query,
                "headers": {name.lower(): text for name, text in self.headers.items()},
                "requestContext": {"authorizer": {"jwt": {"claims": claims}}} if claims else {},
            }
            answer = respond(event, Reports(PAGES, provider.login), ask, rights)
            body = base64.b64decode(answer["body"])
            _send(self, HTTPStatus(answer["statusCode"]), answer["headers"], body)

    with _serving(Providing) as provider.url, _serving(Api) as url:
        yield f"{url}/reports/"


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _send(
    request: BaseHTTPRequestHandler, status: HTTPStatus, headers: Mapping[str, str], body: bytes
) -> None:
    request.send_response(status)
    for name, text in {**headers, "content-length": str(len(body))}.items():
        request.send_header(name, text)
    request.end_headers()
    request.wfile.write(body)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
