import { findPeople } from './people.repository';

export async function listPeople() {
  return findPeople(20);
}
