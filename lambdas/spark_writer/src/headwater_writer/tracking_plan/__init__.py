"""The deployer's tracking plan: keys of ``properties`` that get typed columns, and are checked.

``source`` finds the plan's text. ``parse`` makes a ``plan`` of it, or lists all that is wrong with
it. ``rows.promotion`` takes an event's columns out of its properties.
"""
