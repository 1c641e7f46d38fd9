"""A page as a visitor meets it: does its snippet record, and if not, what blocks it?

``browser`` finds the Chromium of this machine, ``visiting`` opens the page in it and keeps a
``visit``: what was there, asked for, answered and blocked. ``diagnosis`` turns that into findings.
"""
