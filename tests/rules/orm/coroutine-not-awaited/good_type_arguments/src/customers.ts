import { Customer } from './models';

async function reading<T>(work: () => Promise<T>): Promise<T> {
  await Customer.count();
  return work();
}

export async function shown(email: string, page: number) {
  const { name } = await reading<{ name: string }>(() => Customer.findOne({ where: { email } }));
  return Customer.build({ email, name, page });
}
