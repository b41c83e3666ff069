import { Prisma } from '@prisma/client';
import { prisma } from './db';

export const newest = (limit: number) =>
  prisma.$queryRaw`SELECT id, full_name AS "fullName" FROM members ORDER BY joined_at DESC LIMIT ${limit}`;

export const borrowed = () =>
  prisma.$queryRaw(Prisma.sql`SELECT b.title, count(*) FROM "Book" b JOIN "Loan" l ON l."bookId" = b.id GROUP BY b.title`);

export const written = (name: string) =>
  prisma.$queryRaw`SELECT "B" FROM "_AuthorToBook" x JOIN "Author" a ON a.id = x."A" WHERE a.name = ${name}`;
