"""What another package may bring to the tuning node: one module per registry, and the code behind each."""
