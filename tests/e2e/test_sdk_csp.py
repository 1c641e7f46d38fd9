"""The README's tags under the README's policies, which let nothing else through."""

import base64
import hashlib
import re

import pytest
from playwright.sync_api import Page

from e2e.fixture_site import BUNDLES, REPOSITORY, fixture_site
from e2e.recording_api import RecordingApi
from e2e.sdk_page import FILES

pytest_plugins = ["e2e.browser"]
pytestmark = pytest.mark.browser

README = (REPOSITORY / "browser-sdk" / "README.md").read_text()
BY_DIGEST, BY_NONCE = re.findall(r"(?ms)^Content-Security-Policy:(.*?)```", README)
[INSTALL] = re.findall(r"(?ms)^## Install\n\n```html\n(.*?)```", README)
EARLY = '<script nonce="NONCE">headwater.push(["track", "early"])</script>'
STRICTEST = "default-src 'none'; require-trusted-types-for 'script'"


def digest_of(script: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}"


def body_of(policy: str, tags: str, integrity: str) -> bytes:
    """Return a page of one policy, whose script comes from the page's own host."""
    tags = tags.replace("sha256-…", integrity)
    tags = re.sub(r"https://cdn\.example\.com/headwater\.\w+\.js", "/headwater.js", tags)
    policy = policy.replace("https://cdn.example.com", "'self'")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{STRICTEST}; {policy}">'
    html = f"<!doctype html><title>Strict</title>{meta}{tags}"
    return html.replace("https://events.example.com", "{{api_url}}").encode()


INTEGRITY = digest_of((BUNDLES / "headwater.js").read_bytes())
WITH_NONCES = INSTALL.replace("<script", '<script nonce="NONCE"') + EARLY
STRICT_DYNAMIC = BY_NONCE.replace("'nonce-NONCE'", "'nonce-NONCE' 'strict-dynamic'")


def test_the_script_starts_under_a_policy_of_hosts_and_digests(
    page: Page, api: RecordingApi
) -> None:
    files = FILES | {"/strict.html": body_of(BY_DIGEST, INSTALL, INTEGRITY)}

    with fixture_site(files, api.url) as url:
        page.goto(f"{url}/strict.html")

        api.wait_for(1, "page")


@pytest.mark.parametrize("policy", [BY_NONCE, STRICT_DYNAMIC])
def test_the_tags_work_under_a_policy_of_nonces(page: Page, api: RecordingApi, policy: str) -> None:
    files = FILES | {"/strict.html": body_of(policy, WITH_NONCES, INTEGRITY)}

    with fixture_site(files, api.url) as url:
        page.goto(f"{url}/strict.html")

        api.wait_for(1, "page")
        api.wait_for(1, "early")


@pytest.mark.parametrize(("policy", "tags"), [(BY_DIGEST, INSTALL), (BY_NONCE, WITH_NONCES)])
def test_only_the_queue_starts_beside_a_script_of_another_release(
    page: Page, api: RecordingApi, policy: str, tags: str
) -> None:
    body = body_of(policy, tags, digest_of(b"another release"))

    with fixture_site(FILES | {"/strict.html": body}, api.url) as url:
        page.goto(f"{url}/strict.html")

        assert page.evaluate("Array.isArray(window.headwater)")
