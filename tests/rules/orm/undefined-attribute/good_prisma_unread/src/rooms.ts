import { prisma } from './db';

export const rooms = () => prisma.room.findMany({ where: { level: 2 } });
export const stays = () => prisma.stay.findMany();
