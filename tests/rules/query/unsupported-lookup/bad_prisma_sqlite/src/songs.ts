import { prisma } from './db';

export const search = (text: string) =>
  prisma.song.findMany({
    where: {
      OR: [
        { title: { contains: text, mode: 'insensitive' } }, // expect: query/unsupported-lookup
        { artist: { contains: text } },
      ],
    },
  });

export const load = (songs: { title: string; artist: string }[]) =>
  prisma.song.createMany({
    data: songs,
    skipDuplicates: true, // expect: query/unsupported-lookup
  });

export const tagged = (tag: string) =>
  prisma.song.findMany({ where: { meta: { path: '$.tags', array_contains: tag } } }); // expect: query/unsupported-lookup

export const byTitle = (title: string) =>
  prisma.song.findUnique({ where: { title } }); // expect: query/unsupported-lookup

export const likely = (text: string, provider = process.env.DB_PROVIDER) =>
  prisma.song.findMany({
    where: {
      label: { contains: text, mode: provider === 'postgresql' ? 'insensitive' : undefined },
      artist: { contains: text, ...(provider === 'postgresql' ? { mode: 'insensitive' } : {}) },
    },
  });
