import { Loan } from './models.js';

export async function add(note, labels, transaction) {
  const loan = await Loan.create({ note }, { transaction });
  await loan.setLabels(labels, { transaction });
  loan.setDataValue('shown', true);
  return loan;
}
