import { PrismaClient } from '@prisma/client';

const base = new PrismaClient();

export const prisma = base.$extends({
  query: {
    guest: {
      async findMany({ args, query }) {
        const { withGone, ...where } = args.where as Record<string, unknown>;
        return query({ ...args, where: withGone ? where : { ...where, id: { gt: 0 } } });
      },
    },
  },
});
