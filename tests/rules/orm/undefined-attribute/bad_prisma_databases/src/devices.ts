import { prisma } from './db';

export const inRegion = (region: string) => prisma.device.findMany({ where: { region } });

export const inZone = (zone: string) => prisma.device.findMany({ where: { zone } }); // expect: orm/undefined-attribute
