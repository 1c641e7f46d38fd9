from typer.testing import CliRunner

from headwater_local import cli
from headwater_local.bill import CountError

runner = CliRunner()


def test_shows_the_bill_beside_the_originals() -> None:
    result = runner.invoke(cli.commands, ["cost", "--events", "100M", "--batch", "10"])

    assert result.exit_code == 0
    assert "10,000,000 requests" in result.output
    assert "$120.80" in result.output


def test_refuses_what_is_not_a_count() -> None:
    result = runner.invoke(cli.commands, ["cost", "--events", "many"])

    assert isinstance(result.exception, CountError)
