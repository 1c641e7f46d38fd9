import pytest

from headwater_writer.replay.__main__ import main


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("--stage=shapes", "collector, decode, shape, plan or retry"),
        ("--from=yesterday", "write 2026-01-31"),
        ("--reason=", "`reason` is empty"),
        ("--where=true", "unrecognized arguments"),
    ],
)
def test_refuses_a_filter_before_spark_starts(
    argument: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([argument])

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
