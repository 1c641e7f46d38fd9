import json

import httpx

from load.graphs import PANELS, graphs, name_of


def test_a_line_is_named_by_its_labels() -> None:
    assert name_of("{{consumer}}: failures", {"consumer": "writer"}) == "writer: failures"
    assert name_of("{{status}}", {}) == ""


def _answer(request: httpx.Request) -> httpx.Response:
    assert "$" not in request.url.params["query"]
    series = {"metric": {"status": "200"}, "values": [[100, "1.5"], [105, "NaN"], [110, "2"]]}
    return httpx.Response(200, text=json.dumps({"data": {"result": [series]}}))


def test_each_panel_is_asked_for_and_its_points_begin_with_the_run() -> None:
    client = httpx.Client(transport=httpx.MockTransport(_answer), base_url="http://prometheus")

    drawn = graphs(client, 100.0, 110.0)

    assert [graph.title for graph in drawn] == [*PANELS]
    assert drawn[0].lines == {"200": [(0.0, 1.5), (10.0, 2.0)]}
