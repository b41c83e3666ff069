export const container = { get(name: string, make: () => unknown) { return make; } };
