"""The app of events that no visitor made: the canary's, which watches the route."""

from typing import Final

CANARY_APP: Final = "headwater-canary"
"""Sinks and the query pack leave its events out. It is the canary's write key too."""
