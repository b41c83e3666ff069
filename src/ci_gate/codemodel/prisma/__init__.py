"""Prisma: the schema files of a program, and the calls of its client."""
