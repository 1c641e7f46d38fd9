"""What Lambda calls: the writer, maintenance and replay, three doors to the same tables.

``invocation`` is what surrounds their work.
"""
