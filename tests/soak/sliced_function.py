"""The writer's function with slices of few rows, so that the batches of a soak are drafted too."""

# ruff: noqa: E402 -- the writer takes the number when it is imported

from headwater_writer import ahead

ahead.SLICE_ROWS = 8  # type: ignore[misc]

from headwater_writer.lambda_function import handler

__all__ = ["handler"]
