"""Rules of level L1: the architecture."""
