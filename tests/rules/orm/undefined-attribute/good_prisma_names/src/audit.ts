import { prisma } from './db';

export const audited = prisma.$extends({
  result: {
    member: {
      label: {
        needs: { fullName: true, email: true },
        compute: (member) => `${member.fullName} <${member.email}>`,
      },
    },
  },
});
