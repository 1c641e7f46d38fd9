"""The whole route on one machine: the real handlers, and what stands in for AWS."""
