import { prisma } from './db';

export const guests = () => prisma.guest.findMany({ where: { withGone: true } });
