export const loans: string[] = [];
