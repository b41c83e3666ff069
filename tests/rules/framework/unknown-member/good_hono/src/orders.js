function named(c) {
  return c.params.map((item) => item.name);
}

async function listing(c) {
  const order = await c.req.json();
  return c.json({ order, names: named({ params: [] }) });
}

module.exports = { listing };
