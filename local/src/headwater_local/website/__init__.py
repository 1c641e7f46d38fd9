"""The demo website."""
