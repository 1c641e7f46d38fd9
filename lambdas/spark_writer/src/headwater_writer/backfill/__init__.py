"""Messages from an archive, or from files of messages, written into the tables once.

``source`` finds the files, ``lines`` reads them, ``messages`` makes a message with a position of
each line, ``run`` writes them as late rows, some thousands at a time.
"""
