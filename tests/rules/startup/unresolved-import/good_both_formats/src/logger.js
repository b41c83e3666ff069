let current = console

export function getLogger() {
  return current
}

Object.defineProperty(module.exports, 'default', { get: () => getLogger })
Object.defineProperty(module.exports, 'log', { get: () => current.log })
