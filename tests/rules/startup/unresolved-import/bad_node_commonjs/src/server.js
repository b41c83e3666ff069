const express = require('express');
const routes = require('./routes');
const errors = require('./middlewares/errors'); // expect: startup/unresolved-import

const app = express();
app.use(routes);
app.use(errors);
app.listen(3000);
