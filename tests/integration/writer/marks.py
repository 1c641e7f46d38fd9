"""What every test with a Spark of its own is marked with."""

from typing import Final

import pytest

SPARK: Final = [
    pytest.mark.spark,
    # pyspark leaves the sockets of ``toArrow`` to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
