"""Staged mode: many writers offer what they have staged, and a committer publishes it at once.

An offer is a compare-and-swap on the ledgers of its shards, where an ordinary commit is one on the
whole table. The table stays the only truth: a writer waits until it sees there what became of its
offer, so offers may be lost, doubled or late, and committers may die or be many.
"""
