"""How long the questions of the query pack take on both engines, and how much they read."""
