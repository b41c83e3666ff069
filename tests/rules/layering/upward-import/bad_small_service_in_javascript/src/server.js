const express = require('express');
const loans = require('./routes/loans');

const app = express();
app.use('/loans', loans);
app.listen(3000);
