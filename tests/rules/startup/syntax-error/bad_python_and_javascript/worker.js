function first() {
  return 1;
}

function broken(a, { // expect: startup/syntax-error
  return a;
}
