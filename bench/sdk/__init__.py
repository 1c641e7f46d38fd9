"""The browser SDK beside others, on the same page in the same browser."""
