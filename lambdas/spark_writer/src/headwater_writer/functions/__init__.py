"""What Lambda calls: the writer, maintenance and replay, three doors to the same tables.

``invocation`` is how long they may go on, ``lifeline`` when their process ends, ``garbage`` what is
kept out of a batch.
"""
