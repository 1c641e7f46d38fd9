"""What became of events: SQL over the tables, and counts along the route."""
