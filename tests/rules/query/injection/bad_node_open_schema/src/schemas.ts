import { z } from 'zod'

const page = z.object({ limit: z.coerce.number().int().max(100).default(20) })

export const bookQuery = page.extend({
  author: z.string().optional(),
  sort: z.string().trim().max(40).optional(),
})

export const loanQuery = page.extend({ order: z.string().default('id') })
