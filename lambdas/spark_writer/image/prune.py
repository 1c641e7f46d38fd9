"""Delete what the image carries for nothing: jars off the class path, and parts of pyspark."""

# ruff: noqa: INP001 (a script, in no package)

import shutil
from pathlib import Path

import pyspark

from headwater_writer.spark.jars import spark_jars

UNUSED = ("examples", "data", "licenses", "sbin", "python/test_support")

if __name__ == "__main__":
    home = Path(pyspark.__file__).parent
    needed = set(spark_jars())
    for jar in (home / "jars").glob("*.jar"):
        if jar not in needed:
            jar.unlink()
    for folder in UNUSED:
        shutil.rmtree(home / folder, ignore_errors=True)
