# How many of each function run at a time: what the account keeps for them, and the most they take.

locals {
  # Lambda's word for no limit, and no room kept.
  unreserved = -1

  needed = {
    # One a shard, and a stream that is being resharded has more shards for a while, at most twice as
    # many ("UpdateShardCount", Amazon Kinesis API reference). A stream that grows by itself does not
    # say how many it will have.
    writer = var.shards == null ? local.unreserved : 2 * var.shards

    # The schedule's, and an operator's beside it: a rewind.
    maintenance = 2

    # One for what comes from the bucket or the schedule, and an operator's. More would only race the
    # writers to the catalog. Lambda holds what S3 tells of meanwhile for six hours, and the
    # schedule takes up what is left after that.
    replay = 2
  }

  concurrency = { for name, count in local.needed : name => var.reserve_concurrency ? count : local.unreserved }
}
