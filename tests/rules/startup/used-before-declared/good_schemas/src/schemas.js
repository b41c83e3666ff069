import { z } from 'zod';

export const page = z.object({ limit: z.number() });

export const shelfQuery = page.extend({ shelf: z.string() });

export const tree = z.object({ children: z.lazy(() => branches) });

export const branches = z.array(tree);

export const parse = (text) => parser.parse(text);

const parser = z.string();

start();

function start() {
  return 1;
}
