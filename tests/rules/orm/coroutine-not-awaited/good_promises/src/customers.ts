import { Customer, Order } from './models';

async function exists(email: string): Promise<boolean> {
  return (await Customer.count({ where: { email } })) > 0;
}

async function page<T>(read: () => Promise<T[]>): Promise<{ rows: T[] }> {
  await Customer.count();
  return { rows: await read() };
}

function ordersOf(buyerId: number) {
  return Order.findAll({ where: { buyerId } });
}

export async function summary(email: string, id: number) {
  const taken = exists(email);
  const orders = ordersOf(id);
  const { rows } = await page<object>(() => Customer.findAll());
  const later = exists(email).then((found) => !found);
  if (taken === later) throw new Error('never');
  const all = { orders, later };
  return { taken: await taken, rows, total: (await all.orders).length, first: await orders };
}
