"""The browser SDK compared with others, on the same page in the same browser."""
