const loans = require('../repositories/loans');

async function list(ctx) { // expect: layering/framework-in-core
  const rows = await loans.list(Math.min(Number(ctx.query.limit) || 20, 100));
  ctx.set('X-Total-Count', String(rows.length));
  return rows;
}

const read = (request) => loans.read(Number(request.params.id));

module.exports = { list, read };
