"""The way into Java from a Spark session: the few private names of pyspark that lead there."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

from py4j.java_gateway import is_instance_of
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

JavaObject: TypeAlias = Any
"""An object that lives in Java; py4j gives it no type."""


def iceberg(spark: SparkSession) -> JavaObject:
    """Return the package ``org.apache.iceberg``."""
    return spark.sparkContext._jvm.org.apache.iceberg  # type: ignore[union-attr]


def system_property(spark: SparkSession, name: str) -> str:
    """Return what ``System.getProperty`` returns."""
    return str(spark.sparkContext._jvm.java.lang.System.getProperty(name))  # type: ignore[union-attr]


def in_turn(spark: SparkSession) -> JavaObject:
    """Return an executor that runs each task at once, in the thread that submits it."""
    guava = iceberg(spark).relocated.com.google.common
    return guava.util.concurrent.MoreExecutors.newDirectExecutorService()


@cache
def singleton(spark: SparkSession, class_name: str) -> JavaObject:
    """Return what the static method ``get()`` of a class in ``org.apache.iceberg.spark`` returns.

    By Java reflection: py4j looks up a method by its name only and may find an overload that is not
    static, depending on an order that an AppCDS archive changes.
    """
    gateway = spark.sparkContext._gateway
    java = gateway.jvm.java.lang  # type: ignore[union-attr]
    loader = java.Thread.currentThread().getContextClassLoader()
    found = java.Class.forName(f"org.apache.iceberg.spark.{class_name}", True, loader)
    method = found.getMethod("get", gateway.new_array(java.Class, 0))  # type: ignore[union-attr]
    return method.invoke(None, gateway.new_array(java.Object, 0))  # type: ignore[union-attr]


def iceberg_catalog(spark: SparkSession, name: str) -> JavaObject:
    """Return the Iceberg catalog behind a Spark catalog."""
    return iceberg(spark).spark.Spark3Util.loadIcebergCatalog(spark._jsparkSession, name)


def texts(spark: SparkSession, java_map: JavaObject) -> dict[str, str]:
    """Return a Java map of texts as a Python one.

    In one call: a copy would take three for each entry, and a table may have thousands of ledgers.
    """
    mapper = iceberg(spark).util.JsonUtil.mapper()
    found: dict[str, str] = json.loads(mapper.writeValueAsString(java_map))
    return found


def is_instance(spark: SparkSession, value: JavaObject, class_name: str) -> bool:
    """Return whether Java's ``instanceof`` holds for a class or interface."""
    return bool(is_instance_of(spark.sparkContext._gateway, value, class_name))


def is_a(error: Py4JJavaError, class_names: Sequence[str]) -> bool:
    """Return whether the Java exception is of exactly one of these classes."""
    return error.java_exception.getClass().getName() in class_names
