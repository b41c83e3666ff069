export const season = (given, settings) => given || settings.season ?? 'autumn' // expect: startup/syntax-error
