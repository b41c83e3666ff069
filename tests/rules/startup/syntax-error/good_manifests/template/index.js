export const name = "made";
