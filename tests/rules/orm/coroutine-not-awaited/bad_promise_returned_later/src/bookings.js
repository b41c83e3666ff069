const bookings = require('./repositories/bookings');
const { Booking } = require('./models');

async function cancel(id) {
  const booking = bookings.byId(id); // expect: orm/coroutine-not-awaited
  if (!booking) return null;
  booking.status = 'cancelled';
  await booking.save();
  return booking;
}

async function confirm(id) {
  const booking = bookings.byId(id); // expect: orm/coroutine-not-awaited
  booking.status = 'confirmed';
  booking.save(); // expect: orm/coroutine-not-awaited
  return booking;
}

async function widen(id, seats) {
  let booking = Booking.findByPk(id); // expect: orm/coroutine-not-awaited
  if (booking.seats > seats) return booking;
  return booking.update({ seats });
}

async function remove(id, log) {
  const booking = bookings.byId(id); // expect: orm/coroutine-not-awaited
  log(booking);
  await booking.destroy();
}

async function listed(audit) {
  const rows = bookings.all(); // expect: orm/coroutine-not-awaited
  audit(rows);
  for (const row of rows) audit(row.status);
  return rows;
}

async function first() {
  const rows = bookings.all(); // expect: orm/coroutine-not-awaited
  const next = rows[0];
  return { next, rows };
}

module.exports = { first, cancel, confirm, widen, remove, listed };
