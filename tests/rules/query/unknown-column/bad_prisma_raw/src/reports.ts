import { Prisma } from '@prisma/client';
import { prisma } from './db';

export const newest = (limit: number) =>
  prisma.$queryRaw`SELECT id, "fullName" FROM members ORDER BY joined_at DESC LIMIT ${limit}`; // expect: query/unknown-column

export const borrowed = () =>
  prisma.$queryRaw(Prisma.sql`SELECT b.title, count(*) FROM "Book" b JOIN "Loan" l ON l."book_id" = b.id GROUP BY b.title`); // expect: query/unknown-column

export const rename = (id: number, name: string) =>
  prisma.$executeRawUnsafe('UPDATE members SET name = $1 WHERE id = $2', name, id); // expect: query/unknown-column
