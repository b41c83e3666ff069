import { prisma } from './db';

export const newest = () => prisma.$queryRaw`SELECT id FROM members ORDER BY joined_at DESC`;

export const pairs = () => prisma.$queryRaw`SELECT "A", "B" FROM "_AuthorToBook"`;
