export function pageOf(query: Record<string, string>) {
  return { limit: Math.min(Number(query.limit) || 20, 100), order: query.order }
}
