import { countTickets, findTickets } from './ticket.repository';

export async function listTickets() {
  return { total: await countTickets(), tickets: await findTickets(20) };
}
