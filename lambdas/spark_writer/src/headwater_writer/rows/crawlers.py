"""Which user agents are crawlers: CrawlerDetect's lists, searched in linear time.

The package's own search backtracks: it takes time that grows with the square of an agent's length,
and an agent is whatever a stranger sends. RE2 does not backtrack.
"""

from functools import cache
from typing import Any, Final, TypeAlias

import re2
from crawlerdetect.providers.crawlers import data as crawlers
from crawlerdetect.providers.exclusions import data as exclusions

_Pattern: TypeAlias = Any  # The package has no types.

_WITHOUT_LOOKAHEAD: Final = {"Yandex(?!Search)": "Yandex(?:$|[^S])"}
"""RE2 cannot look ahead; the nearest that it can say."""


def is_crawler(user_agent: str) -> bool:
    """Return whether a user agent, less what every browser's has, is on the list."""
    rest = _pattern(tuple(exclusions)).sub("", user_agent)
    return bool(rest) and _pattern(tuple(crawlers)).search(rest) is not None


@cache
def _pattern(alternatives: tuple[str, ...]) -> _Pattern:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = 64 * 1024 * 1024  # some 1,500 alternatives, as one automaton
    return re2.compile("|".join(_WITHOUT_LOOKAHEAD.get(one, one) for one in alternatives), options)
