"""What is asked of an API: an address and a query, without credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from headwater_poller.errors import PagingError

Params = Sequence[tuple[str, str]]


def with_param(params: Params, name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return query parameters in which one has another value."""
    return (*((each, other) for each, other in params if each != name), (name, value))


@dataclass(frozen=True, slots=True)
class Request:
    """A GET request; ``url`` has no query."""

    url: str
    params: tuple[tuple[str, str], ...] = ()

    def asking(self, name: str, value: str) -> "Request":
        """Return the request with a parameter set."""
        return Request(self.url, with_param(self.params, name, value))

    def following(self, reference: str) -> "Request":
        """Return the request that a URL in the answer to this one names.

        Raises:
            PagingError: it is on another host: credentials do not go there.
        """
        try:
            there = urlsplit(urljoin(f"{self.url}?{urlencode(self.params)}", reference))
        except ValueError as error:
            raise PagingError("the URL of the next page cannot be read") from error
        here = urlsplit(self.url)
        if (there.scheme, there.netloc) != (here.scheme, here.netloc):
            raise PagingError(
                f"the next page is at {there.scheme}://{there.netloc:.100}, and the credentials "
                f"are for {here.scheme}://{here.netloc}: set `url` to where the pages are"
            )
        url = urlunsplit((there.scheme, there.netloc, there.path, "", ""))
        return Request(url, tuple(parse_qsl(there.query, keep_blank_values=True)))
