const db = require('./models');
const { Booking, Room } = require('./models');

exports.free = () => db.Room.findAll({ include: [{ model: db.Booking, as: 'reservations' }] }); // expect: orm/association-mismatch
exports.booking = (id) => Booking.findByPk(id, { include: [{ model: Room }] }); // expect: orm/association-mismatch
exports.ok = (id) => Room.findByPk(id, { include: [{ model: Booking, as: 'bookings' }, 'features'] });
