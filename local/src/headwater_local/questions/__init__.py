"""The query pack: its questions, their parameters, and the engines that answer them."""
