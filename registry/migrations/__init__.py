"""Saved nodes of earlier versions, brought to the present one: pure functions over JSON documents.

What the present version looks like does not belong here (`registry.config`, `registry.node_kinds`), nor when
a graph is migrated: whoever loads one calls `registry.migrations.graph_migration`.
"""
