"""A delivery stream of Firehose: the AWS stand-in's neither buffers nor transforms."""
