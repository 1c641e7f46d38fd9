"""Times as the columns of the tables compare with them: in UTC, without a zone."""

from datetime import UTC, datetime

from pyspark.sql import Column
from pyspark.sql.functions import lit


def zoneless(time: datetime) -> Column:
    """Return an aware time as a literal; the columns are ``TIMESTAMP_NTZ``, in UTC."""
    return lit(time.astimezone(UTC).replace(tzinfo=None))
