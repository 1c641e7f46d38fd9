"""What is done to a table, a file a step: ``schedule`` says how often, ``lake`` puts them together.

``storage_clock`` guards the two steps that delete by age.
"""
