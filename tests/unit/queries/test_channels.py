"""Which channel a session came through, by each host that the SQL and the docs name."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import pytest

from headwater_local.questions import pack
from headwater_local.questions.athena_dialect import to_duckdb
from unit.queries.reference import Lake
from unit.queries.rows import event, in_duckdb

NOON: Final = datetime(2026, 3, 29, 12)  # noqa: DTZ001 -- as tables have it
DOCS: Final = pack.SQL.parents[3] / "docs" / "definitions.md"

HOSTS: Final[Mapping[str, Sequence[str]]] = {
    "AI assistant": (
        *("chatgpt.com", "openai.com", "perplexity.ai", "claude.ai", "gemini.google.com"),
        *("copilot.microsoft.com", "deepseek.com", "mistral.ai", "grok.com", "you.com", "meta.ai"),
    ),
    "email": (
        *("mail.google.com", "email.t-online.de", "webmail.freenet.de", "e.mail.ru"),
        *("outlook.live.com", "outlook.office.com", "outlook.office365.com", "app.fastmail.com"),
        *("deref-gmx.net", "deref-mail.com", "deref-web.de", "com.google.android.gm"),
    ),
    "search": (
        *("google.com", "images.google.com", "lens.google.com", "news.google.com"),
        *("yahoo.com", "search.yahoo.com", "yandex.ru", "ya.ru", "baidu.com", "m.baidu.com"),
        *("bing.com", "duckduckgo.com", "ecosia.org", "qwant.com", "startpage.com", "kagi.com"),
        *("search.brave.com", "com.google.android.googlequicksearchbox"),
    ),
    "social": (
        *("facebook.com", "fb.me", "instagram.com", "threads.com", "threads.net"),
        *("linkedin.com", "lnkd.in", "com.linkedin.android", "reddit.com", "redd.it"),
        *("pinterest.com", "pin.it", "tiktok.com", "youtube.com", "youtu.be", "twitter.com"),
        *("x.com", "t.co", "bsky.app", "mastodon.social", "telegram.org", "t.me"),
        *("whatsapp.com", "wa.me", "vk.com"),
    ),
    "direct": (
        *("accounts.google.com", "appleid.apple.com", "login.live.com"),
        "login.microsoftonline.com",
    ),
}
"""Those of the docs' table."""

OTHERS: Final[Mapping[str, Sequence[str]]] = {
    "AI assistant": ("www.perplexity.ai", "chat.mistral.ai"),
    "email": ("mail.yahoo.com", "mail.yandex.ru", "mail.proton.me"),
    "search": (
        *("www.google.com", "www.google.de", "google.co.uk", "www.google.com.br", "cn.bing.com"),
        *("de.search.yahoo.com", "search.yahoo.co.jp", "www.yahoo.co.jp", "yandex.com.tr"),
        *("www.baidu.com", "html.duckduckgo.com", "www.ya.ru", "yahoo.fr", "search.yahoo.com.br"),
    ),
    "social": (
        *("l.facebook.com", "out.reddit.com", "m.youtube.com", "pinterest.co.uk"),
        *("www.youtu.be", "www.t.co"),
    ),
    "referral": (
        *("docs.google.com", "google.evil.example", "google.com.evil.example", "notgoogle.com"),
        *("finance.yahoo.com", "maps.yandex.ru", "tieba.baidu.com", "brave.com", "netflix.com"),
        *("t.co.example", "not.me", "chatgpt.com.example", "blog.example", "blog.shop.example"),
    ),
    "direct": ("shop.example", "www.shop.example"),
}
"""Hosts that belong to those of the docs, and that look as if they did."""

SOURCES: Final[Mapping[str, Sequence[str]]] = {
    "AI assistant": ("perplexity", "chatgpt.com"),
    "search": ("google", "Google", "brave"),
    "social": ("facebook", "X", "telegram"),
    "campaign": ("t", "accounts.google.com", "partner"),
}
"""Values of utm_source."""


BY_REFERRER: Final = [
    (host, channel) for hosts in (HOSTS, OTHERS) for channel in hosts for host in hosts[channel]
]
BY_SOURCE: Final = [(source, channel) for channel in SOURCES for source in SOURCES[channel]]

LANDINGS: Final[Sequence[Mapping[str, str]]] = [
    *({"referrer_host": host} for host, _ in BY_REFERRER),
    *({"utm_source": source} for source, _ in BY_SOURCE),
    {"host": "www.shop.example", "referrer_host": "shop.example"},
]
"""What the only page view of each session says."""


@pytest.fixture(scope="module")
def channels() -> Mapping[str, str]:
    """The channel of the session of each person, who is called after the landing."""
    rows = [
        event(number, NOON, **{"host": "shop.example", "user_id": str(told), **told})
        for number, told in enumerate(LANDINGS)
    ]
    asked = f"SELECT person, channel FROM ({pack.views()['sessions']}) AS sessions"
    with in_duckdb(Lake(rows)) as connection:
        return dict(connection.execute(to_duckdb(asked)).fetchall())


@pytest.mark.parametrize(("referrer", "channel"), BY_REFERRER)
def test_a_referrer_has_its_channel(
    channels: Mapping[str, str], referrer: str, channel: str
) -> None:
    assert channels[str({"referrer_host": referrer})] == channel


@pytest.mark.parametrize(("source", "channel"), BY_SOURCE)
def test_a_utm_source_has_its_channel(
    channels: Mapping[str, str], source: str, channel: str
) -> None:
    assert channels[str({"utm_source": source})] == channel


def test_a_page_under_www_and_one_without_are_of_one_site(channels: Mapping[str, str]) -> None:
    assert channels[str(LANDINGS[-1])] == "direct"


@pytest.mark.parametrize("channel", HOSTS)
def test_the_docs_list_the_hosts_of_a_channel(channel: str) -> None:
    [row] = re.findall(rf"^\| {channel} \| (.*) \|$", DOCS.read_text(), re.MULTILINE)

    assert [name for name in re.findall(r"`([^`]+)`", row) if "." in name] == [*HOSTS[channel]]
