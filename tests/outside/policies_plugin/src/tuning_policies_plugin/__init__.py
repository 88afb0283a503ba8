"""Node kinds of each fold policy."""
