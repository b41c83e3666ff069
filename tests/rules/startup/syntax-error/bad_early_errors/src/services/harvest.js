async function all() {
  return []
}

export { all, weigh } // expect: startup/syntax-error

export const harvest = { all }
