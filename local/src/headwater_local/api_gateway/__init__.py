"""What stands in for API Gateway: HTTP in front of the collector's real handler."""
