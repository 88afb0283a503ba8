"""The commands of ``tuning-node``; each module imports what it runs only when it runs."""
