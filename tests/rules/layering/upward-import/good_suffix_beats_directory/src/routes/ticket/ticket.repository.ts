import { db } from '../../database';

export const findTickets = (limit: number) => db('tickets').limit(limit);
export const countTickets = () => db('tickets').count();
