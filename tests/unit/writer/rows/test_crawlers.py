from string import printable

import pytest
from crawlerdetect import CrawlerDetect
from hypothesis import given
from hypothesis import strategies as st

from headwater_writer.rows.crawlers import is_crawler

AGENTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; arm; Android 14) AppleWebKit/537.36 YandexSearch/9.20",
    "facebookexternalhit/1.1",
    "curl/8.5.0",
    "",
]


@pytest.mark.parametrize("user_agent", AGENTS)
def test_agrees_with_the_package_whose_lists_it_searches(user_agent: str) -> None:
    assert is_crawler(user_agent) == CrawlerDetect().isCrawler(user_agent)


@given(st.text(printable, max_size=120))
def test_agrees_with_the_package_on_any_text(user_agent: str) -> None:
    assert is_crawler(user_agent) == CrawlerDetect().isCrawler(user_agent)
