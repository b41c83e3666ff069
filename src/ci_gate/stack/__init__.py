"""Which frameworks, ORMs and databases a repository is built from."""
