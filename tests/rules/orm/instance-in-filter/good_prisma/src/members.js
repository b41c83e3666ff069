import { prisma } from './db';

export const current = (email) => prisma.member.findUniqueOrThrow({ where: { email } });

export const staff = () => prisma.member.findMany({ where: { role: 'STAFF' } });
