import { findPeople } from '../people/people.repository';
import { findTickets } from './tickets.repository';

export async function listTickets() {
  return { tickets: await findTickets(20), people: await findPeople(20) };
}

export function titleOf(name: string) {
  return name.trim();
}
