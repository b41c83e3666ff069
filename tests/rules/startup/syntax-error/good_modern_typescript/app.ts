import { Hono } from 'hono';

abstract class Base<const T extends readonly unknown[]> {
  accessor value = 1;
  constructor(protected readonly items: T) {}
}

export const app = new Hono();
const limits = { low: 1, high: 2 } as const satisfies Record<string, number>;
app.get('/', (c) => c.json({ limits, name: Base.name }));
