from headwater_collector.captured_headers import captured_headers

HEADERS = {"dnt": "1", "accept-language": "de", "cookie": "secret"}


def test_keeps_the_headers_chosen_for_each_type() -> None:
    chosen = {"*": ("dnt",), "page_view": ("dnt", "accept-language")}

    assert captured_headers(HEADERS, chosen) == {
        "*": {"dnt": "1"},
        "page_view": {"dnt": "1", "accept-language": "de"},
    }


def test_a_type_without_such_headers_stays() -> None:
    assert captured_headers(HEADERS, {"*": ("dnt",), "page_view": ("sec-gpc",)}) == {
        "*": {"dnt": "1"},
        "page_view": {},
    }


def test_keeps_nothing_that_was_not_chosen() -> None:
    assert captured_headers(HEADERS, {}) == {}
