from clients.page import PAGE, render


def test_page_says_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run: make clients"
