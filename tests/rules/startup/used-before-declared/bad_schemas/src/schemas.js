import { z } from 'zod';

export const shelfQuery = page.extend({ shelf: z.string() }); // expect: startup/used-before-declared

export const page = z.object({ limit: z.number() });

export class Lent extends Missing {} // expect: startup/used-before-declared

class Missing extends Error {}
