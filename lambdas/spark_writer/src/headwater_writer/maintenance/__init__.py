"""The lake maintains itself: what a table needs from time to time, beside the commits.

``schedule`` says which step is due when, and ``steps`` has the work of each; ``lease`` lets one
worker at a time at a table; ``run`` goes through the steps while there is time, and ``lake``
through the tables; ``rewind`` takes a table back to a snapshot. Everything that must outlive a run,
the lease and when each step was last done, is in the table's own properties.
"""
