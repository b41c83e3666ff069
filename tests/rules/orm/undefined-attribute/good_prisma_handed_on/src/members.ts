import { prisma } from './db';

export async function enrol(input: Record<string, unknown>) {
  const welcome = input.welcome ?? false;
  delete input.welcome;
  const data = { ...input };
  const member = await prisma.member.create({ data: data as never });
  return { member, welcome };
}

export async function change(id: number, { notify, ...data }: Record<string, unknown>) {
  return { notify, member: await prisma.member.update({ where: { id }, data: data as never }) };
}

export async function rename(id: number, input: Record<string, unknown>) {
  const { notify, ...data } = input;
  return { notify, member: await prisma.member.update({ where: { id }, data: data as never }) };
}
