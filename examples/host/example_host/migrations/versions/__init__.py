"""The editor's own history, in the database that it may share with the tuning node."""
