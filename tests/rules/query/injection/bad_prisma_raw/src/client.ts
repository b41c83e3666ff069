import { PrismaClient } from '@prisma/client';

export class Database extends PrismaClient {}

export const database = new Database();
