export const shared = (many: any) => ({ ...many.all })
