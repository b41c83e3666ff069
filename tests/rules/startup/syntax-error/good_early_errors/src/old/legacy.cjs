var package = require('../../package.json')

function label(name, name) {
  var text = name
  var text = text + package.version
  return text
}

function label(name) {
  var yield = name
  return yield
}

if (require.main !== module) return
module.exports = { label }
