"""What stands in for Lambda: the event source mapping and the Runtime API."""
