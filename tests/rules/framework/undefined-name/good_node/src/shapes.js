export const Shape = class Inner {
  static all = new Set()
  static of() {
    return new Inner()
  }
}

export function total() {
  var sum = 0
  for (var i = 0; i < 3; i++) sum += i
  if (sum) {
    var last = i
  }
  later()
  return last + sum
}

export const walk = function step(depth = 0) {
  outer: for (const each of []) {
    if (each) continue outer
  }
  return depth > 2 ? depth : step(depth + 1)
}

if (typeof window !== 'undefined') sentry.start()
const hasSentry = typeof sentry !== 'undefined'

function later() {
  return hasSentry
}
