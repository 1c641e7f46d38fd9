"""What a visit means: the first fault on the way from the page to the collector's answer."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from headwater_local.doctor.collector import THROTTLED
from headwater_local.doctor.finding import Finding, fault, warning
from headwater_local.doctor.page.visit import BATCH_PATH, Exchange, Tag, Violation, Visit, origin_of

PAGE: Final = "page"
SNIPPET: Final = "snippet"

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_SCRIPT_TYPES: Final = {"", "text/javascript", "application/javascript"}
_PASTE: Final = (
    "paste the tag that `terraform output -raw script_tag` prints (browser-sdk/README.md)"
)

_NO_ACCOUNT: Final = (
    "the doctor has no account: give --page a page that anybody may see, or open this one in your "
    "own browser, call `headwater.debug()` and read its console"
)


def diagnose(visit: Visit, api_url: str) -> Iterator[Finding]:
    """Yield whether the page's snippet reaches the collector of a stack, and what keeps it."""
    if unreachable := _unreachable(visit):
        yield unreachable
        return
    if elsewhere := _elsewhere(visit):
        yield elsewhere
    if visit.unfit:
        yield _unfit(visit)
    if visit.sent:
        yield from _sending(visit, api_url)
    elif visit.blocked:
        yield _refused_by_policy(visit.blocked[0])
    elif visit.look.clients:
        yield _silent(visit, api_url)
    elif visit.look.tags:
        yield _not_started(visit, visit.look.tags[0])
    elif not visit.unfit:
        yield _no_snippet(visit)


def _unreachable(visit: Visit) -> Finding | None:
    if visit.status in {401, 403}:
        return fault(PAGE, f"{visit.url} asks for a login ({visit.status})", _NO_ACCOUNT)
    if visit.status and visit.status >= 400:
        said = f"{visit.url} answers {visit.status}"
        return fault(PAGE, said, "give the address of a page that visitors see")
    if visit.failure:
        said = f"{visit.asked_url} cannot be opened ({visit.failure})"
        return fault(PAGE, said, "check the address, that its server runs, and its certificate")
    return None


def _unfit(visit: Visit) -> Finding:
    said = f"{visit.url} was opened and could not be examined: {visit.unfit}"
    remedy = "look for a script that loops or loads pages for ever, or give --page another page"
    return fault(PAGE, said, remedy)


def _elsewhere(visit: Visit) -> Finding | None:
    if visit.look.has_login and _place(visit.url) != _place(visit.asked_url):
        return warning(PAGE, f"it leads to a login, {visit.url}, which was examined", _NO_ACCOUNT)
    if origin_of(visit.url) != origin_of(visit.asked_url):
        said = f"it leads to {visit.url}, which was examined"
        return warning(PAGE, said, f"give --page {visit.url}, if that is meant")
    return None


def _place(url: str) -> tuple[str, str, str]:
    """Return what tells pages apart, as browsers write it."""
    parts = urlsplit(url)
    return origin_of(url), parts.path or "/", parts.query


def _sending(visit: Visit, api_url: str) -> Iterator[Finding]:
    """Yield what became of the requests of the snippet, the best of them."""
    exchange = next((each for each in visit.sent if each.is_accepted), visit.sent[-1])
    yield _answered(visit, exchange, api_url)
    target = exchange.url.removesuffix(BATCH_PATH)
    if exchange.is_accepted and target != api_url:
        said = f"it sends to {target}, and this stack's address is {api_url}"
        yield warning(SNIPPET, said, f"unless both are the same collector, {_set_api_url(api_url)}")
    if visit.was_called and exchange.is_accepted:
        yield _was_called(visit)


def _answered(visit: Visit, exchange: Exchange, api_url: str) -> Finding:
    target = exchange.url.removesuffix(BATCH_PATH)
    if _cors(visit, exchange.url):
        said = f"pages of {visit.origin} may not read what {target} answers (CORS)"
        return fault(SNIPPET, said, f"add {visit.origin} to `collector.allowed_origins`")
    if exchange.is_accepted:
        count = len(visit.accepted_ids)
        said = f"{target} accepted what it sent, {count} in all ({exchange.status})"
        return Finding(SNIPPET, said)
    if exchange.status is None:
        return _unanswered(visit, target, exchange.failure, api_url)
    return _refused(visit, exchange, exchange.status, api_url)


def _refused(visit: Visit, exchange: Exchange, status: int, api_url: str) -> Finding:
    target = exchange.url.removesuffix(BATCH_PATH)
    if status in {401, 403}:
        key = f'data-write-key="{visit.write_key}"' if visit.write_key else "no data-write-key"
        said = f"{target} refuses its key ({status}): the tag has {key}"
        return fault(SNIPPET, said, "set data-write-key to one of `collector.write_keys`")
    if status in {404, 405, 501}:
        said = f"what answers at {target} is not a collector ({status})"
        return fault(SNIPPET, said, _set_api_url(api_url))
    said = f"{target} answers {status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return fault(SNIPPET, said, THROTTLED)
    if status >= 500:
        return fault(SNIPPET, said, "look into the collector's log")
    return fault(SNIPPET, said, "`headwater tail --refused` says why")


def _unanswered(visit: Visit, target: str, failure: str, api_url: str) -> Finding:
    if _is_mixed(visit, target):
        said = f"a page of https may not send to {target} (mixed content)"
        return fault(SNIPPET, said, "set data-api-url to an address of https")
    said = f"nothing answers at {target} ({failure})"
    return fault(
        SNIPPET, said, f"{_set_api_url(api_url)}, or check the name in DNS and certificate"
    )


def _refused_by_policy(violation: Violation) -> Finding:
    host = origin_of(violation.blocked)
    said = f"the page's Content Security Policy keeps it from {host} ({violation.directive})"
    return fault(SNIPPET, said, f"add {host} to the policy's connect-src")


def _silent(visit: Visit, api_url: str) -> Finding:
    """Return why an SDK that runs has sent nothing."""
    tag = next(iter(visit.look.tags), None)
    consent = visit.look.consent or (tag.consent if tag else "")
    if consent in {"denied", "pending"}:
        where = "the device keeps" if visit.look.consent else "data-consent is"
        return warning(
            SNIPPET,
            f"it runs and waits for consent ({where} `{consent}`): nothing is sent until then",
            'call `headwater.consent("granted")` where the visitor agrees',
        )
    if tag and urlsplit(tag.api_url).scheme not in {"", "http", "https"}:
        said = f"it runs, and cannot send to data-api-url `{tag.api_url}`"
        return fault(SNIPPET, said, _set_api_url(api_url))
    dropped = next((text for text in visit.console if text.startswith("headwater ")), "")
    return fault(
        SNIPPET,
        f"it runs and sends nothing{f': its console says `{dropped}`' if dropped else ''}",
        f"{_thrown(visit)}see whether a `middleware` drops events, or a script replaces `fetch`",
    )


def _was_called(visit: Visit) -> Finding:
    capture = next((tag.capture for tag in visit.look.tags), None)
    said = "it sends what it is told to, and recorded no page view by itself"
    if capture is None:
        return warning(SNIPPET, said, "see whether the page calls `headwater.page()` itself")
    return warning(SNIPPET, f'{said}: data-capture="{capture}"', "add page_views to data-capture")


def _not_started(visit: Visit, tag: Tag) -> Finding:
    """Return why the script of a tag does not run."""
    if tag.type == "module":
        said = 'the tag has type="module", which hides its attributes from the script'
        return fault(SNIPPET, said, "remove the type, or import the module and call createClient")
    if tag.type not in _SCRIPT_TYPES:
        said = f"the tag has type={tag.type!r}, which no browser runs"
        remedy = "a consent manager changes that once a visitor agrees; if there is none, remove it"
        return warning(SNIPPET, said, remedy)
    script = next((each for each in visit.scripts if each.url == tag.src), None)
    if script is None:
        return fault(SNIPPET, f"the browser did not load {tag.src}", _PASTE)
    return _not_loaded(visit, script) or _not_running(visit, script)


def _not_loaded(visit: Visit, script: Exchange) -> Finding | None:
    host = origin_of(script.url)
    if script.failure == "csp":
        said = f"the page's Content Security Policy blocks {script.url}"
        return fault(SNIPPET, said, f"add {host} to the policy's script-src")
    if _is_mixed(visit, script.url):
        said = f"a page of https may not load {script.url} (mixed content)"
        return fault(SNIPPET, said, "load the script by https")
    if _cors(visit, script.url):
        said = f"{host} does not allow pages of {visit.origin} to load it with `crossorigin`"
        remedy = "let that host send `Access-Control-Allow-Origin: *`, or serve the script yourself"
        return fault(SNIPPET, said, remedy)
    if script.status is not None and script.status >= 400:
        said = f"the script is not there: {script.url} answers {script.status}"
        return fault(SNIPPET, said, _PASTE)
    if script.failure:
        said = f"the script cannot be loaded: {script.url} ({script.failure})"
        return fault(SNIPPET, said, _PASTE)
    return None


def _not_running(visit: Visit, script: Exchange) -> Finding:
    if any("'integrity'" in text and script.url in text for text in visit.console):
        said = f"the digest of {script.url} is not the one in `integrity`: another release is there"
        return fault(SNIPPET, said, _PASTE)
    said = f"{script.url} was loaded, but is not the SDK or did not start"
    return fault(SNIPPET, said, f"{_thrown(visit)}{_PASTE}")


def _thrown(visit: Visit) -> str:
    return f"read the error: {visit.errors[0]}; " if visit.errors else ""


def _no_snippet(visit: Visit) -> Finding:
    if "headwater: no data-api-url" in visit.console:
        said = "the script runs, and its tag has no data-api-url"
        return fault(SNIPPET, said, _PASTE)
    if visit.look.has_login:
        return fault(PAGE, f"{visit.url} asks for a password, and has no snippet", _NO_ACCOUNT)
    if visit.errors:
        said = f"the page has none; a script threw before it could add it: {visit.errors[0]}"
        return fault(SNIPPET, said, "mend that error, or put the tag into the page's HTML")
    return fault(SNIPPET, f"{visit.url} has none", f"{_PASTE} into its <head>")


def _set_api_url(api_url: str) -> str:
    return f'set data-api-url="{api_url}"'


def _cors(visit: Visit, url: str) -> bool:
    return any("CORS policy" in text and url in text for text in visit.console)


def _is_mixed(visit: Visit, url: str) -> bool:
    """Tell whether a browser blocks a plain address, which it does but for this machine's."""
    target = urlsplit(url)
    is_plain = target.scheme == "http" and target.hostname not in _LOOPBACK
    return is_plain and visit.url.startswith("https:")
