export const members: string[] = [];
