async function list() {
  return { crews: [], count: 0 }; // expect: query/static-result
}

module.exports = { list };
