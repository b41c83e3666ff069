import { Hono } from 'hono';
import { person } from '../services/people.ts';
import { Tokens } from '../services/tokens.ts';

export const people = new Hono();
const tokens = new Tokens(process.env.SECRET ?? '');

people.get('/people/me', async (c) => c.json(await person(await tokens.owner(c.req.header('Authorization') ?? ''))));
