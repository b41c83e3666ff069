/**
 * A newman reporter that tells the gate what happened, while it happens: one JSON object a line in
 * the file that CI_GATE_REPORT names. `{"item": NAME}` when a request's turn comes, its assertions
 * when its turn is over, `{"done": ERROR or null}` at the end.
 *
 * What newman counts as a failure is a failed assertion here too: a request that could not be sent,
 * a script that threw. It stands alone (Node.js >= 16): it is copied beside the tests.
 */
'use strict';

const fs = require('fs');

const REPORT_BYTES = 32 * 1024 * 1024;
const TEXT = 2000;
const EXCERPT = 300;

function portOf(url) {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

/** METHOD /path of a request that went to the service: as it was sent, else as it was to be. */
function endpointOf(request, history, servicePort) {
  const first = history && history.execution && history.execution.data[0];
  const sent = first && first.request;
  try {
    const url = new URL(sent ? sent.href : request.url.toString(true));
    const method = sent ? sent.method : request.method;
    return portOf(url) === servicePort ? `${method} ${url.pathname}` : null;
  } catch (error) {
    return null; // an address that is none
  }
}

/** What the service answered, for the reader of a failure. */
function answered(response) {
  if (!response) return '';
  const body = response.stream ? response.stream.subarray(0, 4 * EXCERPT).toString('utf8') : '';
  const words = body.replace(/\s+/g, ' ').trim();
  const excerpt = words.length > EXCERPT ? `${words.slice(0, EXCERPT)}…` : words;
  const status = `${response.code} ${response.reason()}`.trim();
  return ` (the service answered ${status}${excerpt ? `: ${excerpt}` : ''})`;
}

/** Folder / request, as the collection has them. */
function pathOf(item) {
  const names = [];
  for (let place = item; place && place.name !== undefined; ) {
    const parent = place.parent && place.parent();
    if (!parent && names.length) break; // the collection itself
    names.unshift(place.name);
    place = parent;
  }
  return names.join(' / ');
}

function sentence(error) {
  const message = String(error.message || error);
  return !error.name || /^(AssertionError|Error)$/.test(error.name)
    ? message
    : `${error.name}: ${message}`;
}

module.exports = function CiGateReporter(newman) {
  const file = fs.openSync(process.env.CI_GATE_REPORT, 'a');
  const servicePort = portOf(new URL(process.env.CI_GATE_BASE_URL));
  let written = 0;
  let turn = null;

  function write(object) {
    const line = Buffer.from(`${JSON.stringify(object)}\n`);
    written += line.length;
    if (written > REPORT_BYTES) {
      console.error('the collection gives more results than the gate reads');
      process.exit(70);
    }
    fs.writeSync(file, line);
  }

  function add(label, passed, message, endpoint) {
    if (turn) turn.assertions.push({ label, passed, message, endpoint });
  }

  function endTurn() {
    if (!turn) return;
    const { name, response, endpoint, assertions } = turn;
    const seconds = response ? response.responseTime / 1000 / assertions.length : null;
    for (const item of assertions) {
      write({
        name: `${name} / ${item.label}`.slice(0, TEXT),
        endpoint: item.endpoint || endpoint,
        passed: item.passed,
        message: item.passed ? '' : item.message.slice(0, TEXT) + answered(response),
        seconds,
      });
    }
    turn = null;
  }

  newman.on('beforeItem', (error, event) => {
    endTurn();
    turn = { name: pathOf(event.item), response: null, endpoint: null, assertions: [] };
    write({ item: turn.name.slice(0, TEXT) });
  });

  newman.on('request', (error, event) => {
    const endpoint = endpointOf(event.request, event.history, servicePort);
    const byScript = Boolean(event.cursor && event.cursor.scriptId);
    if (!byScript && turn) {
      turn.endpoint = endpoint;
      turn.response = event.response || null;
    }
    if (error) {
      const label = byScript ? 'request sent by a script' : 'request';
      add(label, false, sentence(error), byScript ? endpoint : null);
    }
  });

  newman.on('assertion', (error, event) => {
    if (event.skipped) return;
    add(String(event.assertion), !error, error ? sentence(error) : '', null);
  });

  newman.on('script', (error, event) => {
    if (!error) return;
    const script = event.event && event.event.listen === 'prerequest' ? 'pre-request' : 'test';
    add(`${script} script`, false, sentence(error), null);
  });

  newman.on('item', endTurn);

  newman.on('done', (error) => {
    endTurn();
    write({ done: error ? sentence(error) : null });
  });
};
