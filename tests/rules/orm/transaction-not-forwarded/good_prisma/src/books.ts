import type { Prisma } from '@prisma/client';
import { prisma } from './db';

export async function retitle(id: number, title: string, client: Prisma.TransactionClient = prisma) {
  return client.book.update({ where: { id }, data: { title } });
}

export async function shelve(id: number, shelf: string, tx?: Prisma.TransactionClient) {
  return (tx ?? prisma).book.update({ where: { id }, data: { shelf } });
}

export class Books {
  constructor(private readonly client: Prisma.TransactionClient) {}

  lose(id: number) {
    return this.client.book.update({ where: { id }, data: { shelf: null } });
  }
}

export const failed = (id: number) => prisma.book.update({ where: { id }, data: { shelf: 'failed' } });
