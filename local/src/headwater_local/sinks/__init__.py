"""The sinks on the laptop: what each needs to be there, and the processes that it is."""
