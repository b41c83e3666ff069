export function page(query) {
  const where = {}
  if (query.kind) {
    const kinds = query.kind.split(',')
    if (kinds.length > 1) kinds = kinds.slice(0, 10) // expect: any/constant-assignment
    where.kind = kinds
  }
  return { where, limit: 20 }
}
