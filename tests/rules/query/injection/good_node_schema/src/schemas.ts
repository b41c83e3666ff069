import { z } from 'zod'

const COLUMNS = ['id', 'title']

export const narrow = z.object({ sort: z.enum(['id', 'title']).default('id') })
export const words = z.object({ sort: z.string().regex(/^[a-z_]+$/) })
export const free = z.object({ sort: z.string().optional() })
export const checked = z
  .object({ sort: z.string() })
  .refine((query) => COLUMNS.includes(query.sort), 'unknown column')
export const reshaped = z.object({ sort: z.string().transform((name) => (name === 'new' ? 'created_at' : 'id')) })
