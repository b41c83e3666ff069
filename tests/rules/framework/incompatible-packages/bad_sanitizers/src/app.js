import express from 'express';
import mongoSanitize from 'express-mongo-sanitize';
import xss from 'xss-clean';

const app = express();
app.use(express.json());
app.use(mongoSanitize());  // expect: framework/incompatible-packages
app.use(xss());  // expect: framework/incompatible-packages
app.get('/ferries', (req, res) => res.json([]));
app.listen(3000);
