import { find } from '../repositories/people.ts';

export const person = (id: number) => find(id);
