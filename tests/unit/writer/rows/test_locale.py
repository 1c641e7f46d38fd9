import pytest

from headwater_writer.rows.locale import language_tag


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("de", "de"),
        ("de-CH", "de-CH"),
        ("de_CH", "de-CH"),
        ("zh_Hans_CN", "zh-Hans-CN"),
        ("es_419", "es-419"),
        ("de_CH.UTF-8", "de-CH"),
        ("de_CH@currency=CHF", "de-CH"),
        ("de-CH,de;q=0.9,en;q=0.8", "de-CH"),
        (" en-US ", "en-US"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
    ],
)
def test_reads_what_browsers_phones_and_systems_write(locale: str, tag: str) -> None:
    assert language_tag(locale) == tag


@pytest.mark.parametrize(
    "locale", ["", "C", "POSIX", "null", "undefined", "C.UTF-8", "*", "\u0434\u0435", "1", "-"]
)
def test_finds_no_language_in_anything_else(locale: str) -> None:
    assert language_tag(locale) is None
