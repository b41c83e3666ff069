"""Schema history: what migrations leave behind when all have run."""
