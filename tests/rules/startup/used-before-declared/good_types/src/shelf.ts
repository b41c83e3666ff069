import { z } from 'zod';

type Shelf = typeof shelf;

declare const generated: { version: string };

const shelves = new Map<string, typeof shelf>();
const read = (shelf: Shelf) => shelf;
const names = ['a', 'b'].map((shelf) => shelf.length);

const shelf = { name: 'a', version: generated.version };

export { shelf, shelves, read, names };
