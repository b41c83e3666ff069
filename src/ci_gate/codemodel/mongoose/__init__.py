"""Mongoose: schemas, models and queries, as far as rules of other ORMs ask the same."""
