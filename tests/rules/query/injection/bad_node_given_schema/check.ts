import { z, ZodTypeAny } from 'zod';

export const boatQuery = z.object({
  berth: z.string().optional(),
  length: z.coerce.number().default(0),
  colour: z.enum(['red', 'blue']).optional(),
});

export function parse<S extends ZodTypeAny>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new Error('invalid');
  }
  return result.data;
}
