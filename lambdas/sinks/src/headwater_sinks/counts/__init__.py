"""Events counted by type, app and minute in PostgreSQL, each exactly once."""
