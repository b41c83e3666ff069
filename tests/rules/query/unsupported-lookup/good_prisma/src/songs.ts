import { prisma } from './db';

export const search = (text: string) =>
  prisma.song.findMany({
    where: { OR: [{ title: { contains: text, mode: 'insensitive' } }, { tags: { has: text } }] },
  });

export const load = (songs: { title: string; artist: string }[]) =>
  prisma.song.createManyAndReturn({ data: songs, skipDuplicates: true });

export const tagged = (tag: string) =>
  prisma.song.findMany({ where: { meta: { path: ['tags'], array_contains: tag } } });

export const byTitle = (artist: string, title: string) =>
  prisma.song.findUnique({ where: { artist_title: { artist, title }, live: false } });

export const byAny = (where: { id: number } | { artist_title: { artist: string; title: string } }) =>
  prisma.song.findUnique({ where: { ...where, live: true } });
