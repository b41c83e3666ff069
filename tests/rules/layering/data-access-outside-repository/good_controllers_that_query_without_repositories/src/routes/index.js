const express = require('express');
const ticket = require('../controllers/ticketController');
const person = require('../controllers/personController');

const router = express.Router();
router.get('/tickets', ticket.list);
router.get('/people', person.list);

module.exports = router;
