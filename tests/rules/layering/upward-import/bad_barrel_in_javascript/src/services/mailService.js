const { conflict } = require('../common'); // expect: layering/upward-import

async function send(address, text) {
  if (!address) throw conflict('no address');
  return { address, text };
}

module.exports = { send };
