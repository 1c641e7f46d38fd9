"""The demo website as a stack serves it: the objects that Terraform makes, opened in a browser."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from eventually import eventually
from terraform.command import REPOSITORY, needs_terraform
from terraform.made import Json, Stacks, resources

pytest_plugins = ["e2e.browser"]
pytestmark = [needs_terraform, pytest.mark.browser]

HOST = "https://shop.example.com"
API = f"{HOST}/first-party"
BUNDLE = REPOSITORY / "browser-sdk" / "dist" / "headwater.js"
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}


@dataclass
class Cdn:
    """The distribution: objects of the bucket by their keys, and the API behind it."""

    objects: Mapping[str, Json]
    received: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/first-party/"):
            if body := route.request.post_data:
                self.received.append(json.loads(body))
            return route.fulfill(status=200, headers=CORS, body="{}")
        if path == "/headwater.js":
            return route.fulfill(path=BUNDLE, content_type="text/javascript")
        if (found := self.objects.get(path.lstrip("/"))) is None:
            return route.fulfill(status=403)
        return route.fulfill(body=_content(found), content_type=found["content_type"])


def _content(found: Json) -> bytes | str:
    # Terraform's tests run in its folder.
    content: str | None = found.get("content")
    return content or (Path(__file__).parent / found["source"]).read_bytes()


@pytest.fixture(scope="module")
def objects(stacks: Stacks) -> Mapping[str, Json]:
    return {
        each["values"]["key"]: each["values"]
        for each in resources(stacks.made[0])
        if each["address"].startswith("module.demo[0].aws_s3_object.")
    }


@pytest.fixture
def cdn(objects: Mapping[str, Json], page: Page) -> Iterator[Cdn]:
    made = Cdn(objects)
    page.route(f"{HOST}/**", made.answer)
    yield made
    page.unroute_all(behavior="wait")


def test_a_visit_is_sent_to_the_stack_with_the_demos_key(page: Page, cdn: Cdn) -> None:
    page.goto(f"{HOST}/demo/")

    expect(page.locator("#sent li").first).to_contain_text("200")
    eventually(lambda: bool(cdn.received), 30)
    assert cdn.received[0]["writeKey"] == "demo"
    assert cdn.received[0]["batch"][0]["context"]["page"]["path"] == "/demo/"
    expect(page.locator("#api")).to_have_text(API)


@pytest.mark.usefixtures("cdn")
def test_every_page_is_found_from_the_shop(page: Page) -> None:
    page.goto(f"{HOST}/demo/")

    page.click("#buy")
    expect(page.locator("#order")).to_be_visible()
    page.click("#back")
    expect(page.locator("#buy")).to_be_visible()
    page.click("#instructions")
    expect(page.locator("#fill")).to_contain_text("headwater demo --outputs outputs.json")
    page.click(".brand")
    expect(page.locator("#buy")).to_be_visible()
    assert page.url == f"{HOST}/demo/"


@pytest.mark.usefixtures("cdn")
def test_the_shop_asks_in_athena(page: Page) -> None:
    page.goto(f"{HOST}/demo/")

    expect(page.locator(".ask")).to_have_text("select event_type, count(*) from events group by 1")
    expect(page.locator(".where")).to_have_text("in Athena")


@pytest.mark.usefixtures("cdn")
def test_the_instructions_name_the_stacks_own_places(page: Page) -> None:
    page.goto(f"{HOST}/demo/instructions.html")

    expect(page.locator("#ask")).to_contain_text("select * from events where app_id = 'demo'")
    assert page.locator("#ask code").all_text_contents()[:2] == ["sample", "sample"]
    link = page.get_by_role("link", name="the reports")
    assert str(link.get_attribute("href")).endswith("/reports/?app=demo")
