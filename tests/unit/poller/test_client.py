import gzip
import socket
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from headwater_poller.authorization import Credentials
from headwater_poller.client import Client
from headwater_poller.config import Limits
from headwater_poller.errors import AnswerError, RequestError, StoppedError, TransientError
from headwater_poller.requests import Request
from unit.poller.api import Api, Reply, serving


class Asker:
    """A client whose clock goes on by its pauses alone."""

    def __init__(self, api: Api, **limits: object) -> None:
        self.pauses: list[float] = []
        self.clock = 0.0
        limited = replace(Limits(requests_per_second=1000), **limits)  # type: ignore[arg-type]
        self.client = Client(limited, {"x-own": "1"}, self.pause, lambda: self.clock)
        self.request = Request(api.url)

    def pause(self, seconds: float) -> None:
        self.clock += seconds
        if seconds > 0.001:
            self.pauses.append(seconds)

    def get(self) -> object:
        return self.client.get(self.request).document


def served(*first: Reply) -> AbstractContextManager[Api]:
    return serving(lambda _: Reply({"data": []}), *first)


def test_asks_with_headers_parameters_and_credentials() -> None:
    with served() as api:
        asker = Asker(api)
        asker.client.credentials = Credentials({"authorization": "Bearer t"}, (("key", "k&k"),))
        asker.client.get(Request(api.url, (("limit", "5"),)))

    assert api.asked[0].path == "/events"
    assert api.asked[0].params == {"limit": "5", "key": "k&k"}
    sent = api.asked[0].headers
    assert (sent["authorization"], sent["x-own"]) == ("Bearer t", "1")
    assert sent["user-agent"] == "headwater-poller"


def test_keeps_a_parameter_that_is_repeated_and_sends_a_credential_once() -> None:
    with served() as api:
        asker = Asker(api)
        asker.client.credentials = Credentials(params=(("key", "new"),))
        asker.client.get(Request(api.url).following("?status=a&key=old&status=b"))

    assert api.asked[0].query == "status=a&status=b&key=new"


def test_reads_compressed_answers() -> None:
    body = gzip.compress(b'{"data": [1]}')
    with served(Reply(body, headers={"content-encoding": "gzip"})) as api:
        assert Asker(api).get() == {"data": [1]}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_tries_again_what_may_succeed_later(status: int) -> None:
    with served(Reply(status=status), Reply(status=status)) as api:
        assert Asker(api).get() == {"data": []}

    assert len(api.asked) == 3


def test_gives_up_after_so_many_attempts() -> None:
    with (
        served(*[Reply(status=503)] * 3) as api,
        pytest.raises(TransientError, match="the API answers 503"),
    ):
        Asker(api, attempts=3).get()

    assert len(api.asked) == 3


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        # By the API's own clock, wherever the poller's is.
        (
            {
                "Retry-After": "Sat, 31 Jan 2026 13:37:09 GMT",
                "Date": "Sat, 31 Jan 2026 13:37:00 GMT",
            },
            9.0,
        ),
    ],
)
def test_waits_as_long_as_it_is_told(headers: dict[str, str], seconds: float) -> None:
    with served(Reply(status=429, headers=headers)) as api:
        asker = Asker(api)
        asker.get()

    assert asker.pauses == [seconds]


def test_refuses_to_wait_for_hours() -> None:
    with (
        served(Reply(status=429, headers={"Retry-After": "7200"})) as api,
        pytest.raises(RequestError, match="asks to wait 7,200 seconds"),
    ):
        Asker(api).get()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, r"refuses the credentials \(401\): check `auth`"),
        (403, r"refuses the credentials \(403\)"),
        (404, "the API answers 404: check `url`"),
        (302, r"redirects \(302\): set `url`"),
    ],
)
def test_explains_what_does_not_succeed_later(status: int, sentence: str) -> None:
    with (
        served(Reply(b"<html>", status, {"location": "http://127.0.0.1:9/"})) as api,
        pytest.raises(RequestError, match=sentence),
    ):
        Asker(api).get()

    assert len(api.asked) == 1


def test_explains_html() -> None:
    with (
        served(Reply(b"<html>log in</html>", headers={"content-type": "text/html"})) as api,
        pytest.raises(AnswerError, match="is not JSON but text/html, and begins with '<html>"),
    ):
        Asker(api).get()


def test_reads_no_more_of_a_page_than_is_allowed() -> None:
    with (
        served(Reply(b'{"data": [%b1]}' % (b"1," * 1_000_000))) as api,
        pytest.raises(AnswerError, match="a page has more than 100,000 bytes: ask for fewer"),
    ):
        Asker(api, page_bytes=100_000).get()


def test_inflates_no_more_of_a_page_than_is_allowed() -> None:
    bomb = gzip.compress(b"[" + b" " * 200_000_000)
    with (
        served(Reply(bomb, headers={"content-encoding": "gzip"})) as api,
        pytest.raises(AnswerError, match="a page has more than 100,000 bytes"),
    ):
        Asker(api, page_bytes=100_000).get()


def test_keeps_the_pace() -> None:
    with served() as api:
        asker = Asker(api, requests_per_second=0.5)
        asker.get()
        asker.get()

    assert asker.pauses == [2.0]


def test_a_server_that_does_not_answer_is_transient() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api = Api(f"http://127.0.0.1:{silent.getsockname()[1]}/", lambda _: Reply())
        asker = Asker(api, attempts=2, timeout=timedelta(milliseconds=50))
        with pytest.raises(TransientError, match=r"did not answer \(ReadTimeoutError\)"):
            asker.get()

    assert len(asker.pauses) == 1


def test_an_answer_that_never_ends_is_given_up() -> None:
    with served(Reply(b" " * 1_000_000)) as api:
        asker = Asker(api, attempts=1)
        ticks = iter(range(0, 10_000, 20))
        asker.client.clock = lambda: float(next(ticks))
        with pytest.raises(TransientError, match="was not complete after 30 seconds"):
            asker.get()


def test_stops_while_it_waits() -> None:
    def stopped(_: float) -> None:
        raise StoppedError

    with served() as api:
        asker = Asker(api)
        asker.client.pause = stopped
        with pytest.raises(StoppedError):
            asker.get()


def test_no_content_is_not_an_answer_with_records() -> None:
    api_with_it = served(Reply(status=204))
    with api_with_it as api, pytest.raises(RequestError, match="the API answers 204"):
        Asker(api).get()
