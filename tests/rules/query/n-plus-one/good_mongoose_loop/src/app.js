const express = require('express');
const plots = require('./routes/plots');

const app = express();
app.use(express.json());
app.use('/plots', plots);
app.listen(3000);
