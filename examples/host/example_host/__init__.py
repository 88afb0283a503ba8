"""An editor's backend that somebody else wrote, and the tuning node in it.

The editor's own: `tables`, `store`, `people`, `app`, `migrations`. What the node took: `node_kinds`, `ports`,
one line of `app` and one of `migrations/env.py`.
"""
