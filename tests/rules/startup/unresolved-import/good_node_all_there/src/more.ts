export function again() { return 2; }
