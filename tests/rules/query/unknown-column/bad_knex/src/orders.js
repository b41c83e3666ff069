const db = require('./db')

function recent(limit) {
  return db('orders as o')
    .join('customers as c', 'c.id', 'o.customer_id')
    .select('o.id', 'c.name') // expect: query/unknown-column
    .orderBy('o.created_at', 'desc') // expect: query/unknown-column
    .limit(limit)
}

async function ofCustomer(id) {
  const rows = await db('orders').where({ customer: id }).select('id', 'note') // expect: query/unknown-column
  return rows
}

async function add(order) {
  const [row] = await db('orders')
    .insert({
      customer_id: order.customer,
      amount: order.amount, // expect: query/unknown-column
    })
    .returning('id')
  return row
}

async function search(filters) {
  const query = db('orders').select('orders.id', 'orders.total_cents')
  if (filters.email) {
    query.join('customers', 'customers.id', 'orders.customer_id')
    query.where('customers.mail', filters.email) // expect: query/unknown-column
  }
  return await query
}

async function emails() {
  return await db('orders').where('customers.email', 'like', '%@example.org').select('orders.id') // expect: query/unknown-column
}

module.exports = { recent, ofCustomer, add, search, emails }
