from typing import Any

from unit.collector.client import Client, recorded_event


def settings_of(client: Client, path: str, **headers: str) -> dict[str, Any]:
    response = client.request("GET", path, headers=headers)
    assert response.status == 200
    settings: dict[str, Any] = response.json["integrations"]["Segment.io"]
    return settings


def test_events_go_to_where_the_settings_were_asked_for(client: Client) -> None:
    settings = settings_of(client, "/v1/projects/key-1/settings", host="e.shop.example")

    assert settings == {"apiKey": "key-1", "apiHost": "e.shop.example/v1", "protocol": "https"}


def test_clients_report_nothing_about_themselves(client: Client) -> None:
    settings = client.request("GET", "/v1/projects/key-1/settings").json

    assert settings["metrics"] == {"sampleRate": 0}


def test_rudderstacks_client_gets_a_source_without_destinations(client: Client) -> None:
    source = client.request("GET", "/sourceConfig").json["source"]

    assert (source["config"], source["destinations"]) == ({}, [])


def test_a_laptop_has_no_encryption(client: Client) -> None:
    settings = settings_of(
        client,
        "/v1/projects/key-1/settings",
        **{"host": "127.0.0.1:8080", "x-forwarded-proto": "http"},
    )

    assert (settings["protocol"], settings["apiHost"]) == ("http", "127.0.0.1:8080/v1")


def test_events_go_below_the_prefix() -> None:
    settings = settings_of(
        Client(PATH_PREFIX="/own"), "/own/v1/projects/key-1/settings", host="shop.example"
    )

    assert settings["apiHost"] == "shop.example/own/v1"


def test_events_go_below_the_stage(client: Client) -> None:
    event = recorded_event("http_api_stage.json")
    event["rawPath"] = "/test/v1/projects/key-1/settings"
    event["requestContext"]["http"]["method"] = "GET"

    api_host = client.send(event).json["integrations"]["Segment.io"]["apiHost"]

    assert api_host == "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/test/v1"


def test_an_unknown_key_has_no_settings_if_keys_are_required() -> None:
    client = Client(WRITE_KEYS='{"key-1":"website"}')

    assert client.request("GET", "/v1/projects/key-2/settings").status == 401
    assert client.request("GET", "/v1/projects/key-1/settings").status == 200


def test_says_nothing_long_back(client: Client) -> None:
    long = {"host": "\x01" * 5000, "x-forwarded-proto": "\x01" * 5000}

    settings = settings_of(client, f"/v1/projects/{'k' * 512}/settings", **long)

    assert settings["protocol"] == "https"
    assert len(settings["apiHost"]) < 300
    assert client.request("GET", f"/v1/projects/{'k' * 513}/settings").status == 404


def test_a_key_may_be_any_text(client: Client) -> None:
    settings = settings_of(client, "/v1/projects/\ud800/settings")

    assert settings["apiKey"] == "?"
