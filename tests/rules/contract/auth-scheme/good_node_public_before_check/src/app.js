const express = require('express');
const bookings = require('./bookings');

const app = express();
app.use(express.json());
app.get('/rooms', (req, res) => res.json([]));
app.use('/bookings', bookings);
app.listen(3000);
