import { Order } from './types';

export const orders: Order[] = [];
