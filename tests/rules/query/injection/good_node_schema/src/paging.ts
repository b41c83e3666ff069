const COLUMNS = ['id', 'title']

export function parsePage(query: Record<string, string>) {
  if (query.sort && !COLUMNS.includes(query.sort)) throw new Error('unknown column')
  return { ...query, sort: query.sort || 'id' }
}
