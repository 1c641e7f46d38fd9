"""AWS Lambda's event source mapping for Kinesis, for one machine.

Read the files in the order a record passes them: ``stream`` (where it comes
from), ``batching`` (when it is enough), ``event`` (how it is handed over),
``function`` (what is called, and what its answer means), ``retry`` (what
follows a failure), ``on_failure`` (where it goes when given up on),
``checkpoints`` (what is remembered). ``shard_consumer`` walks one shard along
that path, ``source`` takes the shards of a stream in turn, and ``mapping``
holds the options.

Nothing here sleeps, reads a clock or draws a random number on its own: time
and outside world come in through ports, so a simulation can replay a run and
cut it between any two steps. ``fakes`` has an in-memory form of each port.
"""
