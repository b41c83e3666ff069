export const names = ['a', 'b']
} // expect: startup/syntax-error error
