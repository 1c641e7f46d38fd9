"""Events by page and time in a DynamoDB table, and the route that reads them."""
