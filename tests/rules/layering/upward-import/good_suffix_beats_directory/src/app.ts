import express from 'express';

import tickets from './routes/ticket/ticket.controller';

express().use(tickets).listen(3000);
