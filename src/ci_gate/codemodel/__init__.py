"""Source to facts: one syntax, one model of the whole program."""
