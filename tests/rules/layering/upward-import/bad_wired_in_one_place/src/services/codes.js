function codeFor(name) {
  return name.toLowerCase().replaceAll(' ', '-');
}

module.exports = { codeFor };
