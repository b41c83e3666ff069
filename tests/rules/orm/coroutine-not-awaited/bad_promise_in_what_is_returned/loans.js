import { Loan } from './models.js';

export async function isLent(bookId, readerId) {
  return (await Loan.count({ where: { bookId, readerId } })) > 0;
}

export async function timesLent(bookId) {
  return Loan.count({ where: { bookId } });
}
