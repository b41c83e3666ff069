async function send(address, text) {
  return { address, text };
}

module.exports = { send };
