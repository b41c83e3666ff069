import { prisma } from './db';

export const newest = () => prisma.$queryRaw`SELECT id FROM "Member" ORDER BY joined_at DESC`; // expect: query/unknown-table
