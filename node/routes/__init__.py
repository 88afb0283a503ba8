"""The HTTP operations, a module per resource; `node.router` puts them together."""
