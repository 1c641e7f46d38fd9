"""The addresses of AWS, which may have moved while a writer stood still."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from py4j.java_gateway import GatewayParameters, JavaGateway

from headwater_writer.spark import jvm
from integration.writer.marks import SPARK

pytestmark = SPARK


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """Where the Java of this test finds names and their addresses."""
    return tmp_path / "hosts"


@pytest.fixture
def address_of(
    names: Path, writer_environment: dict[str, str]
) -> Iterator[Callable[[str], object]]:
    """What Java, started as a writer starts it, takes for the address of a name."""
    jars = Path(writer_environment["JARS_DIR"])
    flags = (f"-Djdk.net.hosts.file={names}",)
    java = jvm.launch(jars, {"spark.log.level": "ERROR"}, flags).ready()
    to_java = GatewayParameters(
        port=java.port, auth_token=java.secret, enable_memory_management=False
    )
    gateway = JavaGateway(gateway_parameters=to_java)
    addresses = gateway.jvm.java.net.InetAddress
    yield lambda name: addresses.getByName(name).getHostAddress()
    gateway.close()
    java.stop()


def test_goes_to_where_aws_is_now(names: Path, address_of: Callable[[str], object]) -> None:
    names.write_text("10.0.0.1 glue.example\n")
    before = address_of("glue.example")
    names.write_text("10.0.0.2 glue.example\n")

    assert before == "10.0.0.1"
    assert address_of("glue.example") == "10.0.0.2"
