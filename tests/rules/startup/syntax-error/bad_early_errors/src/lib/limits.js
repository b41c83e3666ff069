export function limits(query) {
  const limit = Number(query.limit)
  const offset = Number(query.offset)
  const limit = Math.min(limit, 100) // expect: startup/syntax-error
  return { limit, offset }
}
