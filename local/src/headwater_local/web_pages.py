"""Which requests come from a web page: only the collector and the site answer those.

Of the site, the answers of the reports are for its own pages alone.

Any page that is open in the developer's browser can ask loopback addresses, and one whose own name
is made to resolve to 127.0.0.1 (DNS rebinding) can read the answers. Clients of AWS and Lambda's
runtime clients send none of what gives a page away.

This module is imported by the AWS stand-in's interpreter too, which has the standard library alone.
"""

import re
from collections.abc import Iterable
from typing import Final

from headwater_local.names import LOOPBACK

REFUSAL: Final = (
    "this port answers no web page: use an AWS client, and call the port by 127.0.0.1 or localhost"
)

_OWN_HOST: Final = re.compile(rf"(?:{re.escape(LOOPBACK)}|localhost)(?::[0-9]+)?", re.IGNORECASE)


def is_of_web_page(headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a browser sent a request with these headers, or may have sent it.

    It did if it says where it comes from (``Origin`` and ``Sec-Fetch-*`` of the Fetch standard,
    which no script can leave out) or names itself as browsers do; before 2023 not every browser
    sent the former with a GET. It may have if it asks for another host than this one.
    """
    lowered = [(name.lower(), value) for name, value in headers]
    hosts = [value for name, value in lowered if name == "host"]
    return (
        len(hosts) != 1
        or not _OWN_HOST.fullmatch(hosts[0])
        or any(_is_of_browser(name, value) for name, value in lowered)
    )


def is_of_foreign_page(headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a web page of another origin sent a request to the site, or may have sent it.

    A browser calls a request ``same-origin`` if scheme, host and port of the page are those that
    it asks (``Sec-Fetch-Site``, Fetch Metadata Request Headers); another port of this machine is
    ``same-site``, and an older browser's request says nothing and is refused.
    """
    headers = list(headers)
    sites = [value for name, value in headers if name.lower() == "sec-fetch-site"]
    of_page = [pair for pair in headers if not _is_of_browser(pair[0].lower(), pair[1])]
    return is_of_web_page(of_page if sites == ["same-origin"] else headers)


def _is_of_browser(name: str, value: str) -> bool:
    return (
        name == "origin"
        or name.startswith("sec-fetch-")
        or (name == "user-agent" and value.startswith("Mozilla/"))
    )
