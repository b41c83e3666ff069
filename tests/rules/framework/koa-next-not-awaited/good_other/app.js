const express = require('express');
const Koa = require('koa');

const app = new Koa();
app.use(async (ctx) => {
  const rows = [1, 2][Symbol.iterator]();
  rows.next();
  ctx.body = [];
});
app.listen(3000);

// Express has nothing to await
express().use(async (req, next) => {
  next();
});

exports.relay = (bus) => {
  bus.use(async (message, next) => {
    next();
  });
};
