"""The lake maintains itself: what a table needs from time to time, beside the commits.

``steps`` lists what is done and how often, each in a file of its own; ``lease`` lets one worker
at a time at a table; ``run`` goes through the steps while there is time; ``rewind`` takes a table
back. Everything that must outlive a run, the lease and when each step was last done, stands in the
table's own properties.
"""
