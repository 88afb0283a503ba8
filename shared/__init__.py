"""Modelling primitives that more than one room uses. Its door opens on demand.

No rule about what can be tuned belongs in this room (`registry`), nor anything about jobs.
"""
