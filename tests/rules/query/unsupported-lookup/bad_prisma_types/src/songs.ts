import { prisma } from './db';

export const inTempo = (tempo: string) =>
  prisma.song.findMany({ where: { tempo: { contains: tempo } } }); // expect: query/unsupported-lookup

export const ofLabels = (label: string) =>
  prisma.listen.findMany({
    where: { song: { label: { has: label } } }, // expect: query/unsupported-lookup
  });

export const inKey = (key: string) =>
  prisma.song.count({ where: { meta: { path: ['key'], equals: key } } }); // expect: query/unsupported-lookup

export const add = (data: { title: string; artist: string }[]) =>
  prisma.song.createManyAndReturn({ data }); // expect: query/unsupported-lookup

export async function rename(from: string, to: string) {
  return prisma.song.update({ where: { title: from }, data: { title: to } }); // expect: query/unsupported-lookup
}
