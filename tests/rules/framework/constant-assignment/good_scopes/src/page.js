const total = 1

export function page(query, kind) {
  let total = 0
  total = 2
  kind = kind ?? query.kind
  if (query.first) {
    const offset = 1
    query.offset = offset
  } else {
    let offset = 2
    offset = 3
  }
  return { total, kind }
}

export function other(rows) {
  for (let total = 0; total < 3; total++) {
    rows.push(total)
  }
  for (total of rows) rows.pop()
  var total
  try {
    const limit = 1
    return limit
  } catch (limit) {
    limit = 2
    return limit
  }
}

export const each = (total) => {
  total -= 1
  const step = () => {
    total -= 2
    return total
  }
  return step
}
