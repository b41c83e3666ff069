"""GitHub's API on a loopback port, with state, held against GitHub's own description of it."""
