async function verify(token) {
  return token ? 1 : 0;
}

module.exports = { verify };
