import type { Prisma } from '@prisma/client';
import { prisma } from './db';

export async function shelve(id: number, shelf: string) {
  return prisma.book.update({ where: { id }, data: { shelf } });
}

export async function retitle(id: number, title: string, client: Prisma.TransactionClient = prisma) {
  return client.book.update({ where: { id }, data: { title } });
}
