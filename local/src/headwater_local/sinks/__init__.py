"""The sinks on the laptop: what each needs, and the processes that it runs as."""
