import { z } from 'zod';

export interface Loom extends Shape<typeof LoomSchema> {
  worn: boolean;
}

type Shape<T> = T extends z.ZodTypeAny ? z.infer<T> : never;

abstract class Store<T> {
  abstract one(id: string): T;
}

export class Looms extends Store<z.infer<typeof LoomSchema>> {
  one(id: string) {
    return LoomSchema.parse({ id });
  }
}

export type Threads = z.infer<typeof ThreadSchema>;

export const ThreadSchema = z.object({ colour: z.string() });
export const LoomSchema = z.object({ id: z.string() });
