"""What ``spark-submit`` starts: the jobs of a cluster one after the other, on one Spark.

The stream comes first, then a backfill of each source, whose URIs are the arguments.
"""

import sys

from headwater_writer.cluster import backfill_job, job


def main() -> int:
    """Run all of them, and return the greatest exit code."""
    return max(
        job.main(), *(backfill_job.main([source, "--app", "shop"]) for source in sys.argv[1:])
    )


if __name__ == "__main__":
    sys.exit(main())
