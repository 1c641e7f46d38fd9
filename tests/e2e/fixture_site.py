"""The website of the tests: a folder of pages, the built SDK, and where the collector answers."""

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from e2e.loopback import QuietHandler, serve

REPOSITORY = Path(__file__).parents[2]
BUNDLES = REPOSITORY / "browser-sdk" / "dist"
PAGES = REPOSITORY / "browser-sdk" / "test" / "pages"
DEMO = REPOSITORY / "local" / "src" / "headwater_local" / "website" / "demo"


@contextmanager
def fixture_site(files: Mapping[str, bytes | Path], api_url: str) -> Iterator[str]:
    """Serve ``files`` by URL path, with ``{{api_url}}`` filled in."""

    class Handler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802
            path = urlsplit(self.path).path
            if path not in files:
                return self.answer(404, b"", {})
            body = contents(files[path]).replace(b"{{api_url}}", api_url.encode())
            kind = mimetypes.guess_type(path)[0] or "text/html"
            return self.answer(200, body, {"Content-Type": kind, "Cache-Control": "no-store"})

    with serve(Handler) as url:
        yield url


def contents(file: bytes | Path) -> bytes:
    return file if isinstance(file, bytes) else file.read_bytes()


def files_under(folder: Path, at: str) -> dict[str, bytes | Path]:
    return {f"{at}{path.name}": path for path in folder.iterdir()}
