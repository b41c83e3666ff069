const db = require('./db')

const LISTED = ['orders.id', 'orders.amount', 'orders.createdAt as since']

function byAuthor() {
  return db('customers').where({ created_by: 'import' }).select('full_name')
}

function base() {
  return db('orders').where('customers.full_name', 'like', 'A%')
}

async function joined() {
  return await base().join('customers', 'customers.id', 'orders.customer_id').select(...LISTED)
}

async function counted() {
  return await db('orders')
    .select('customer_id')
    .count('* as orders_count')
    .groupBy('customer_id')
    .having('orders_count', '>', 2)
    .orderBy('orders_count', 'desc')
}

async function kinds() {
  return await db('events').where({ kind: 'sale' }).whereRaw("payload->>'x' = ?", ['1']).select('source')
}

async function latest() {
  const inner = db('orders').max('id as newest').groupBy('customer_id').as('n')
  return await db.select('*').from(inner).join('orders', 'orders.id', 'n.newest').where('newest', '>', 10)
}

async function filtered(filter) {
  const query = db('orders').select('orders.id')
  filter.apply(query)
  return await query.where('customers.full_name', filter.name)
}

async function withCustomers() {
  return await db('customers')
    .whereExists(function () {
      this.select('*').from('orders').whereRaw('orders.customer_id = customers.id').where('amount', '>', 5)
    })
    .modify((q) => q.join('orders', 'orders.customer_id', 'customers.id'))
    .where('amount', '>', 3)
}

async function nested(term) {
  return await db('orders')
    .where((q) => q.where('amount', term).orWhere('customer_id', term))
    .andWhere(function () {
      this.where('id', 1).orWhereNull('updatedAt')
    })
}

module.exports = { byAuthor, joined, counted, kinds, latest, filtered, withCustomers, nested }
