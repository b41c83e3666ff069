export function totals(rows, wanted) {
  let sum = 0
  rows.forEach((row) => {
    if (row.kind !== wanted) continue // expect: startup/syntax-error
    sum += row.weight
  })
  return sum
}
