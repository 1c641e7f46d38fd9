"""Messages from a file on their way to the API."""
