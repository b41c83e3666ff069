import { Loan } from './models.js';

export async function add(note, labels, transaction) {
  const loan = await Loan.create({ note }, { transaction });
  loan.setLabels(labels, { transaction }); // expect: orm/coroutine-not-awaited
  return loan;
}
