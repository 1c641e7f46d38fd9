import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from headwater_local.errors import SendError
from headwater_local.sending.delivery import Patience, deliver, pause_seconds
from headwater_local.sending.messages_file import Message

BATCH = [Message(7, b'{"messageId":"a"}', 18), Message(9, b'{"messageId":"b"}', 18)]


@dataclass
class Clock:
    """Time that passes when somebody sleeps."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def patience(self) -> Patience:
        return Patience(300.0, lambda: self.now, self.sleep)


def _client(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://api")


def _answers(*answers: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    left = iter(answers)
    return lambda _request: next(left)


def test_a_batch_that_is_taken_has_no_refusals() -> None:
    client = _client(_answers(httpx.Response(200, json={"success": True})))

    assert deliver(client, BATCH, Clock().patience()) == []


def test_sends_the_very_same_bytes_again() -> None:
    bodies: list[bytes] = []
    answers = _answers(httpx.Response(503), httpx.Response(500), httpx.Response(200, json={}))

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return answers(request)

    assert deliver(_client(answer), BATCH, Clock().patience()) == []
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    assert json.loads(bodies[0]) == {"batch": [{"messageId": "a"}, {"messageId": "b"}]}


def test_waits_as_long_as_the_server_asks() -> None:
    clock = Clock()
    again = httpx.Response(429, headers={"retry-after": "7"})

    deliver(_client(_answers(again, httpx.Response(200, json={}))), BATCH, clock.patience())

    assert 7.0 <= clock.pauses[0] <= 8.75


def test_tries_again_when_nobody_answers() -> None:
    calls: list[int] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        calls.append(1)
        if len(calls) < 3:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json={})

    assert deliver(_client(answer), BATCH, Clock().patience()) == []


def test_gives_up_in_the_end_and_says_of_which_lines() -> None:
    client = _client(lambda _request: httpx.Response(503))

    refusals = deliver(client, BATCH, Clock().patience())

    assert [refusal.line for refusal in refusals] == [7, 9]
    assert refusals[0].reason == "not sent: the API answered 503"


def test_names_the_lines_that_were_refused() -> None:
    answer = {"success": True, "accepted": 1, "refused": [{"index": 1, "reason": "no user"}]}
    client = _client(_answers(httpx.Response(200, json=answer)))

    [refusal] = deliver(client, BATCH, Clock().patience())

    assert (refusal.line, refusal.reason) == (9, "no user")


def test_counts_the_lines_that_the_answer_does_not_list() -> None:
    batch = [Message(line, b"{}", 3) for line in range(1, 101)]
    listed = [{"index": index, "reason": "no user"} for index in range(20)]
    answer = {"success": True, "accepted": 10, "refused": listed, "unlisted": 70}
    client = _client(_answers(httpx.Response(200, json=answer)))

    *named, rest = deliver(client, batch, Clock().patience())

    assert [refusal.line for refusal in named] == list(range(1, 21))
    assert (rest.line, rest.lines) == (21, 70)
    assert rest.reason.startswith("70 of the lines from here to 100 were refused too")


def test_a_request_that_is_refused_is_not_sent_again() -> None:
    answer = httpx.Response(400, json={"success": False, "error": "malformed"})

    refusals = deliver(_client(_answers(answer)), BATCH, Clock().patience())

    assert [refusal.reason for refusal in refusals] == ["malformed", "malformed"]


def test_a_wrong_key_ends_it_all() -> None:
    client = _client(_answers(httpx.Response(401)))

    with pytest.raises(SendError, match="--write-key"):
        deliver(client, BATCH, Clock().patience())


def test_waits_longer_after_each_failure_but_not_for_ever() -> None:
    pauses = [pause_seconds(failures, httpx.Response(500)) for failures in range(1, 21)]

    assert pauses[0] < pauses[2] < pauses[4]
    assert max(pauses) <= 37.5
