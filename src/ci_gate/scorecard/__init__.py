"""Findings and assertions to levels, decay and verdict."""
