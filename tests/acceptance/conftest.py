"""Installations that the acceptance tests share: one embedded, one with PostgreSQL and Redis."""
