import { isLent, timesLent } from './loans.js';

export async function bookView(id, reader) {
  const lent = reader ? isLent(id, reader) : false; // expect: orm/coroutine-not-awaited
  return { id, lent, times: await timesLent(id) };
}
