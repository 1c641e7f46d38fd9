"""The event contract: what clients send, what the stream carries, what the tables hold.

Nothing here imports a third-party package but msgspec, because both Lambdas ship it.

- ``limits``: sizes and ages.
- ``fields``: what a message may hold.
- ``message``, ``depth``, ``undecodable``: from JSON text to those fields, or why not.
- ``shared_objects``: what a batch says for all of its messages.
- ``rules``, ``accept``: whether a message is accepted, decided here for every part.
- ``times``: date-times on the wire.
- ``client_times``: which fields hold one, and how far a client's clock is believed.
- ``quoting``: what a client sent, in a sentence for it.
- ``envelope``, ``stream_record``: how the messages of a request travel on the stream.
- ``archive_line``: a message as a line of the raw archive; ``lines``: messages in files.
- ``address``, ``ip_policy``, ``redaction``: how much of a visitor's address is kept.
- ``kinesis_event``: the messages that a function is handed, each with its position on the stream.
- ``ranges``: which sequence numbers of a shard a store already has.
- ``context``, ``page_url``, ``event``: what a message says of an event, as rows and sinks have it.
- ``columns``, ``tables``: the columns of every table.
"""
