const bookings = require('./repositories/bookings');
const { Booking } = require('./models');

async function cancel(id) {
  const booking = await bookings.byId(id);
  if (!booking) return null;
  booking.status = 'cancelled';
  await booking.save();
  return booking;
}

async function both(id) {
  const booking = bookings.byId(id);
  const rows = bookings.all();
  return Promise.all([booking, rows]).then(([booking, rows]) => ({
    status: booking.status,
    seats: rows.map((row) => row.seats),
  }));
}

function settled(id, note) {
  const booking = bookings.byId(id);
  return Promise.all([booking]).then(() => note(booking.value()));
}

function later(id, done) {
  const booking = bookings.byId(id);
  booking.then((row) => done(row.status));
  return booking;
}

function stoppable(id, stop) {
  const booking = bookings.byId(id);
  booking.abort = () => stop(id);
  return booking;
}

async function either(id, wanted) {
  if (wanted) {
    const booking = bookings.byId(id);
    return booking;
  }
  const booking = await Booking.findByPk(id);
  booking.status = 'seen';
  return booking.save();
}

async function twice(id) {
  let booking = bookings.byId(id);
  booking = await booking;
  booking.status = 'seen';
  return booking.save();
}

function shadowed(id, others) {
  const booking = bookings.byId(id);
  others.forEach((booking) => booking.touch());
  return booking;
}

async function first() {
  const pending = [bookings.all(), bookings.byId(1)];
  const rows = await pending[0];
  return { next: rows[0], one: await pending[1] };
}

module.exports = { first, cancel, both, later, settled, stoppable, either, twice, shadowed };
