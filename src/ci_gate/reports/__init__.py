"""The scorecard for people and tools."""
