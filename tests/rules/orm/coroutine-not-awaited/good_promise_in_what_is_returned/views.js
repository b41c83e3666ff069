import { isLent, timesLent } from './loans.js';

function pending(id, reader) {
  const lent = reader ? isLent(id, reader) : Promise.resolve(false);
  return { lent, times: timesLent(id) };
}

export async function bookView(id, reader) {
  const begun = pending(id, reader);
  const [lent, times] = await Promise.all([begun.lent, begun.times]);
  return { id, lent, times };
}
