"""A delivery stream of Firehose: the emulator's neither buffers nor transforms."""
